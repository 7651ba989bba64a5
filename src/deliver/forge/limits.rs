//! Waiting: how long a forge asks for, and how much of that the budget holds.

use std::{
    cell::Cell,
    fmt,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use ureq::http::HeaderMap;

use super::{Clock, Error, ErrorKind};

/// The least wait, so that a forge that says "after 0 seconds" for ever ends with the budget.
const LEAST: Duration = Duration::from_secs(1);

/// Wait where a forge names no time. GitHub asks for a minute at least after a secondary limit.
const UNNAMED: Duration = Duration::from_secs(60);

/// All waiting of one connection.
pub(super) struct Limits {
    clock: Arc<dyn Clock>,
    budget: Duration,
    left: Cell<Duration>,
}

impl fmt::Debug for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Limits")
            .field("budget", &self.budget)
            .field("left", &self.left)
            .finish_non_exhaustive()
    }
}

impl Limits {
    /// With the whole budget left.
    pub(super) fn new(clock: Arc<dyn Clock>, budget: Duration) -> Self {
        Self {
            clock,
            budget,
            left: Cell::new(budget),
        }
    }

    /// The clock's time.
    pub(super) fn now(&self) -> SystemTime {
        self.clock.now()
    }

    /// Waits if the budget holds it, and says whether it did.
    pub(super) fn pause(&self, time: Duration, why: &str) -> bool {
        let Some(left) = self.left.get().checked_sub(time) else {
            return false;
        };
        self.left.set(left);
        self.clock.wait(time, why);
        true
    }

    /// Waits out a limit of `host`.
    ///
    /// # Errors
    /// The budget does not hold it; the error says when the limit ends.
    pub(super) fn wait_out(&self, time: Duration, host: &str) -> Result<(), Error> {
        if self.pause(time, &format!("the rate limit of `{host}`")) {
            return Ok(());
        }
        let limit = if self.left.get() == self.budget {
            format!("more than the {} that gomend waits", span(self.budget))
        } else {
            format!(
                "more than what is left of the {} that gomend waits",
                span(self.budget)
            )
        };
        let error = Error::new(
            ErrorKind::Limited,
            format!(
                "`{host}` limits requests for another {}, {limit}",
                span(time)
            ),
        );
        // A time that no calendar holds is a mistake of the forge's; `fmt_http_date` knows years up to 9999.
        Err(match self.now().checked_add(time) {
            Some(end) if time < Duration::from_secs(366 * 86_400) => {
                error.help(format!("run again after {}", httpdate::fmt_http_date(end)))
            }
            _ => error.help("run again later"),
        })
    }
}

/// A length of time for people, in whole units.
fn span(time: Duration) -> String {
    let count = |number: u64, unit: &str| {
        let plural = if number == 1 { "" } else { "s" };
        format!("{number} {unit}{plural}")
    };
    match time.as_secs() {
        seconds @ 0..=119 => count(seconds, "second"),
        seconds @ 120..=7199 => count(seconds.div_ceil(60), "minute"),
        seconds => count(seconds.div_ceil(3600), "hour"),
    }
}

/// How long an answer asks to wait, where it is about a limit; `message` is the forge's own, `now` the clock's.
///
/// Read in this order: `Retry-After` (seconds or a date) of 403, 429 and 503; a used-up quota
/// (`X-RateLimit-Remaining: 0` with `X-RateLimit-Reset` at GitHub, `RateLimit-…` at GitLab; seconds since 1970) of 403 and
/// 429; GitHub's message of a secondary limit, which comes without a header, and a plain 429: a minute.
/// Source: GitHub, "Best practices for using the REST API"; GitLab, "Rate limits"; RFC 9110, 10.2.3.
pub(super) fn asked_wait(
    status: u16,
    headers: &HeaderMap,
    message: &str,
    now: SystemTime,
) -> Option<Duration> {
    if !matches!(status, 403 | 429 | 503) {
        return None;
    }
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
    // The forge's own clock, where it tells it, saves from one here that is wrong.
    let now = text("date")
        .and_then(|date| httpdate::parse_http_date(date).ok())
        .unwrap_or(now);
    let until = |end: SystemTime| end.duration_since(now).unwrap_or_default().max(LEAST);
    if let Some(after) = text("retry-after") {
        if let Ok(seconds) = after.parse() {
            return Some(Duration::from_secs(seconds).max(LEAST));
        }
        if let Ok(date) = httpdate::parse_http_date(after) {
            return Some(until(date));
        }
    }
    if status == 503 {
        return None;
    }
    for (remaining, reset) in [
        ("x-ratelimit-remaining", "x-ratelimit-reset"),
        ("ratelimit-remaining", "ratelimit-reset"),
    ] {
        let reset = text(reset).and_then(|reset| reset.parse().ok());
        if let (Some("0"), Some(reset)) = (text(remaining), reset) {
            let end = UNIX_EPOCH.checked_add(Duration::from_secs(reset));
            return Some(end.map_or(Duration::MAX, until));
        }
    }
    let message = message.to_ascii_lowercase();
    let secondary = [
        "secondary rate limit",
        "abuse detection",
        "rate limit exceeded",
    ];
    let limited = status == 429 || secondary.iter().any(|words| message.contains(words));
    limited.then_some(UNNAMED)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Status, headers, message, and the seconds to wait.
    type Case<'a> = (u16, &'a [(&'a str, &'a str)], &'a str, Option<u64>);

    #[test]
    fn answers_say_how_long_to_wait() {
        let now = UNIX_EPOCH + Duration::from_secs(1_700_000_000);
        let cases: [Case<'_>; 15] = [
            (429, &[("retry-after", "7")], "", Some(7)),
            (403, &[("retry-after", "0")], "", Some(1)),
            (503, &[("retry-after", "30")], "", Some(30)),
            (503, &[], "", None),
            (404, &[("retry-after", "7")], "", None),
            (
                429,
                &[("retry-after", "Tue, 14 Nov 2023 22:13:50 GMT")],
                "",
                Some(30),
            ),
            (
                429,
                &[
                    ("retry-after", "Tue, 14 Nov 2023 22:13:50 GMT"),
                    ("date", "Tue, 14 Nov 2023 22:13:45 GMT"),
                ],
                "",
                Some(5),
            ),
            (
                403,
                &[
                    ("x-ratelimit-remaining", "0"),
                    ("x-ratelimit-reset", "1700000100"),
                ],
                "",
                Some(100),
            ),
            (
                429,
                &[
                    ("ratelimit-remaining", "0"),
                    ("ratelimit-reset", "1699999999"),
                ],
                "",
                Some(1),
            ),
            (
                403,
                &[
                    ("x-ratelimit-remaining", "17"),
                    ("x-ratelimit-reset", "1700000100"),
                ],
                "",
                None,
            ),
            (
                403,
                &[],
                "You have exceeded a secondary rate limit.",
                Some(60),
            ),
            (403, &[], "Resource not accessible by integration", None),
            (429, &[], "", Some(60)),
            (429, &[("retry-after", "soon")], "", Some(60)),
            (
                429,
                &[
                    ("x-ratelimit-remaining", "0"),
                    ("x-ratelimit-reset", "18446744073709551615"),
                ],
                "",
                Some(u64::MAX),
            ),
        ];
        for (status, headers, message, seconds) in cases {
            let mut map = HeaderMap::new();
            for (name, value) in headers {
                map.insert(*name, value.parse().expect("a header's value"));
            }
            let wait = asked_wait(status, &map, message, now);
            assert_eq!(
                wait.map(|wait| wait.as_secs()),
                seconds,
                "{status} {headers:?}"
            );
        }
    }

    struct Still;

    impl Clock for Still {
        fn now(&self) -> SystemTime {
            UNIX_EPOCH + Duration::from_secs(1_700_000_000)
        }

        fn wait(&self, _time: Duration, _why: &str) {}
    }

    #[test]
    fn a_limit_past_the_budget_says_when_to_run_again() {
        let limits = Limits::new(Arc::new(Still), Duration::from_secs(600));
        let error = limits
            .wait_out(Duration::from_secs(3500), "api.github.com")
            .expect_err("it is too long");
        assert_eq!(
            error.to_string(),
            "`api.github.com` limits requests for another 59 minutes, more than the 10 minutes that gomend waits; \
             run again after Tue, 14 Nov 2023 23:11:40 GMT"
        );
        assert_eq!(limits.wait_out(Duration::from_secs(400), "h"), Ok(()));
        let error = limits
            .wait_out(Duration::from_secs(201), "h")
            .expect_err("200 are left");
        assert_eq!(
            error.message,
            "`h` limits requests for another 4 minutes, more than what is left of the 10 minutes that gomend waits"
        );
        let error = limits
            .wait_out(Duration::MAX, "h")
            .expect_err("it is too long");
        assert_eq!(error.help.as_deref(), Some("run again later"));
        assert_eq!(limits.wait_out(Duration::from_secs(200), "h"), Ok(()));
    }
}
