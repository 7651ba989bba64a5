//! Limits: waited out within the budget, and told past it.

use super::*;
use forge_support::Fault;
use gomend::deliver::forge::ErrorKind;

#[test]
fn limits_are_waited_out() {
    each(|kind| {
        let bench = Bench::new(kind);
        let list = list_path(kind);
        let limited = r#"{"message":"Too many requests"}"#;
        // 1_700_000_000 is the clock's time at the beginning.
        let date = "Tue, 14 Nov 2023 22:13:50 GMT";
        let quota = |status, remaining, reset, at: &str| {
            Fault::on("GET", list)
                .answer(status, limited)
                .header(remaining, "0")
                .header(reset, at)
        };
        bench.forge.fault(
            Fault::on("GET", list)
                .answer(429, limited)
                .header("Retry-After", "7"),
        );
        bench.forge.fault(
            Fault::on("GET", list)
                .answer(403, limited)
                .header("Retry-After", date),
        );
        bench.forge.fault(quota(
            403,
            "X-RateLimit-Remaining",
            "X-RateLimit-Reset",
            "1700000050",
        ));
        bench.forge.fault(quota(
            429,
            "RateLimit-Remaining",
            "RateLimit-Reset",
            "1700000090",
        ));
        bench.forge.fault(Fault::on("GET", list).answer(429, ""));
        let found = bench.client.find(&Head::branch("mend"), None);
        assert_eq!(found, Ok(Vec::new()), "{kind}");
        assert_eq!(bench.waits(), [7, 23, 20, 40, 60], "{kind}");
        let waits = bench.clock.waits.lock().expect("no test panics here");
        let host = bench.forge.origin().trim_start_matches("http://");
        assert_eq!(waits[0].1, format!("the rate limit of `{host}`"));
    });
}

#[test]
fn a_limited_write_happens_once_when_the_limit_ends() {
    each(|kind| {
        let bench = Bench::new(kind);
        let limited = r#"{"message":"You have exceeded a secondary rate limit. Please wait."}"#;
        let fault = Fault::on("POST", list_path(kind))
            .answer(403, limited)
            .times(2);
        bench.forge.fault(fault);
        assert_eq!(bench.open().number, 1);
        assert_eq!(bench.waits(), [60, 60], "{kind}");
        assert_eq!(bench.forge.pulls(REPO).len(), 1);
    });
}

#[test]
fn a_limit_past_the_budget_ends_with_the_time_to_run_again() {
    each(|kind| {
        let bench = Bench::new(kind);
        let fault = Fault::on("POST", list_path(kind)).answer(429, "{}");
        bench.forge.fault(fault.header("Retry-After", "3600"));
        let result = bench.client.create(&mend());
        assert_eq!(
            result.clone().map_err(|error| error.kind),
            Err(ErrorKind::Limited)
        );
        assert_eq!(
            bench.failure(result),
            "`HOST` limits requests for another 60 minutes, more than the 10 minutes that gomend waits; \
             run again after Tue, 14 Nov 2023 23:13:20 GMT"
        );
        assert_eq!(bench.waits(), [0; 0]);
        assert_eq!(bench.forge.pulls(REPO).len(), 0, "{kind}");
    });
}

#[test]
fn the_budget_is_for_all_waiting_together() {
    each(|kind| {
        let bench = Bench::new(kind);
        let list = list_path(kind);
        let fault = Fault::on("GET", list).answer(429, "").times(11);
        bench.forge.fault(fault);
        let message = bench.failure(bench.client.find(&Head::branch("mend"), None));
        assert_eq!(
            message,
            "`HOST` limits requests for another 60 seconds, more than what is left of the 10 minutes that gomend waits; \
             run again after Tue, 14 Nov 2023 22:24:20 GMT"
        );
        assert_eq!(bench.waits(), [60; 10], "{kind}");
    });
}

#[test]
fn a_forge_that_says_zero_seconds_for_ever_comes_to_an_end() {
    let bench = Bench::new(Kind::Github);
    let fault = Fault::on("GET", "/pulls")
        .answer(429, "")
        .header("Retry-After", "0");
    bench.forge.fault(fault.times(1000));
    let result = bench.client.find(&Head::branch("mend"), None);
    assert_eq!(result.map_err(|error| error.kind), Err(ErrorKind::Limited));
    assert_eq!(bench.waits(), [1; 600]);
}
