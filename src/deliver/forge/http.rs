//! Requests to one forge's REST API: headers, redirects, trying again, waiting. The token leaves this file in the
//! `Authorization` header of requests to the API's own address, and in no other way.

use serde::de::DeserializeOwned;
use serde_json::Value;
use std::{fmt, time::Duration};
use ureq::{
    Agent,
    http::{HeaderMap, HeaderValue, Method, Request},
    tls::{RootCerts, TlsConfig},
};

use super::{
    Error, ErrorKind, Kind, Options, Token,
    address::Address,
    answer::{self, Answer},
    failure::{Sent, UNKNOWN_HOST, cause, failed},
    limits::{Limits, asked_wait},
};

/// How often a request is sent that brings no answer, or the answer that the forge itself failed.
const TRIES: u32 = 5;

/// Wait before the second try; doubled before each further one.
const FIRST_WAIT: Duration = Duration::from_secs(1);

/// How many redirects are followed.
const REDIRECTS: usize = 5;

/// An answer that is longer is not one of an API.
const LONGEST_ANSWER: u64 = 32 << 20;

/// Items of a page; Gitea gives 50 at most by default.
pub(super) const PER_PAGE: usize = 50;

/// A connection to one API.
pub(super) struct Http {
    agent: Agent,
    /// Address of the API, without a slash at its end.
    base: String,
    /// Scheme, host and port of `base`.
    origin: String,
    /// Host with port, for messages.
    host: String,
    /// Host and port of the proxy that the environment names for this address.
    proxy: Option<String>,
    kind: Option<Kind>,
    token: Option<Token>,
    pub(super) limits: Limits,
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Http")
            .field("base", &self.base)
            .field("kind", &self.kind)
            .field("token", &self.token)
            .finish_non_exhaustive()
    }
}

impl Http {
    /// A connection to the API at `base`; `kind` is `None` while it is not known yet, and then no token goes along.
    ///
    /// # Errors
    /// `base` is no `http` or `https` URL, or is plain HTTP to another machine.
    pub(super) fn new(
        base: &str,
        kind: Option<Kind>,
        token: Option<Token>,
        options: &Options,
    ) -> Result<Self, Error> {
        let base = base.trim_end_matches('/');
        let address = Address::parse(base)?;
        let mut config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(options.timeout))
            .timeout_connect(Some(options.timeout.min(Duration::from_secs(20))))
            // A kept connection that the forge closes meanwhile would look like a lost answer.
            .max_idle_connections(0)
            .user_agent(concat!("gomend/", env!("CARGO_PKG_VERSION")))
            // What the platform trusts, so that a company's own authority counts.
            .tls_config(
                TlsConfig::builder()
                    .root_certs(RootCerts::PlatformVerifier)
                    .build(),
            );
        if address.loopback {
            config = config.proxy(None);
        }
        let config = config.build();
        let proxy = config
            .proxy()
            .filter(|proxy| !proxy.is_no_proxy(&address.uri));
        let proxy = proxy.map(|proxy| format!("{}:{}", proxy.host(), proxy.port()));
        Ok(Self {
            agent: config.new_agent(),
            proxy,
            base: base.to_owned(),
            origin: address.origin,
            host: address.host,
            kind,
            token,
            limits: Limits::new(options.clock.clone(), options.budget),
        })
    }

    /// Host, and port where there is one, for messages.
    pub(super) fn host(&self) -> &str {
        &self.host
    }

    /// Reads `path` (with its query); `what` completes "cannot …" in errors.
    pub(super) fn get<T: DeserializeOwned>(&self, path: &str, what: &str) -> Result<T, Error> {
        let answer = self.read(path, what)?;
        self.parse(&answer, what)
    }

    /// Reads every page of a list, up to `pages`. `path` has a query already.
    pub(super) fn list<T: DeserializeOwned>(
        &self,
        path: &str,
        pages: usize,
        what: &str,
    ) -> Result<Vec<T>, Error> {
        let mut items = Vec::new();
        for page in 1..=pages {
            let answer = self.read(&format!("{path}&page={page}"), what)?;
            let found: Vec<T> = self.parse(&answer, what)?;
            let count = found.len();
            items.extend(found);
            // The page after this one is numbered here: an address in `Link` may name another host.
            let more = match answer.headers.get("link") {
                Some(link) => link
                    .to_str()
                    .is_ok_and(|link| link.contains("rel=\"next\"")),
                None => count >= PER_PAGE,
            };
            if !more || count == 0 {
                break;
            }
        }
        Ok(items)
    }

    /// Whether `path` can be read; `false` where it is not there (404), or is empty (409 of GitHub).
    pub(super) fn exists(&self, path: &str, what: &str) -> Result<bool, Error> {
        match self.read(path, what) {
            Ok(_) => Ok(true),
            Err(error) if matches!(error.kind, ErrorKind::NotFound | ErrorKind::Refused) => {
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    /// Sends one GET and gives whatever comes; for asking a host what it is.
    pub(super) fn probe(&self, path: &str) -> Result<Answer, Error> {
        match self.once(&Method::GET, &format!("{}{path}", self.base), None) {
            Sent::Answer(answer) => Ok(answer),
            Sent::Lost(why) | Sent::Unsent(why) => Err(self.unreachable(&why)),
            Sent::Hopeless(error) => Err(error),
        }
    }

    fn read(&self, path: &str, what: &str) -> Result<Answer, Error> {
        let mut url = format!("{}{path}", self.base);
        for _ in 0..=REDIRECTS {
            let answer = self.settled(&Method::GET, &url, None, what, &mut || Ok(true))?;
            let Some(answer) = answer else {
                return Err(self.unreachable("no answer"));
            };
            match answer.location() {
                Some(location) => url = self.redirected(location)?,
                None => return self.accepted(answer, what),
            }
        }
        Err(self.unexpected("it redirects in circles"))
    }

    /// Where a redirect leads: within this host only, because the token goes along.
    fn redirected(&self, location: &str) -> Result<String, Error> {
        let inside = |rest: &str| rest.is_empty() || rest.starts_with('/');
        if location.strip_prefix(&self.origin).is_some_and(inside) {
            return Ok(location.to_owned());
        }
        if location.starts_with('/') && !location.starts_with("//") {
            return Ok(format!("{}{location}", self.origin));
        }
        let host = location.split("://").nth(1).unwrap_or(location);
        let host = host.split(['/', '?', '#']).next().unwrap_or(host);
        let host = host.rsplit('@').next().unwrap_or(host);
        Err(Error::new(
            ErrorKind::Unexpected,
            format!(
                "`{}` redirects to `{}`, where the token is not sent",
                self.host,
                answer::plain(host)
            ),
        )
        .help("point the remote at where the repository is now"))
    }

    /// Sends a write that may be done twice without harm; `what` completes "cannot …" in errors.
    pub(super) fn change<T: DeserializeOwned>(
        &self,
        method: &Method,
        path: &str,
        body: &Value,
        what: &str,
    ) -> Result<T, Error> {
        let answer = self.write(method, path, body, what, &mut || Ok(true))?;
        let answer = answer.ok_or_else(|| self.unreachable("no answer"))?;
        self.parse(&answer, what)
    }

    /// Sends a POST that must happen once. `make` reads the answer; where the answer was lost or cannot be read, `look`
    /// says what is there, and only where it finds nothing the request is sent again.
    pub(super) fn post<A: DeserializeOwned, T>(
        &self,
        path: &str,
        body: &Value,
        what: &str,
        make: &dyn Fn(A) -> Result<T, Error>,
        look: &dyn Fn() -> Result<Option<T>, Error>,
    ) -> Result<T, Error> {
        let mut done = None;
        let answer = self.write(&Method::POST, path, body, what, &mut || {
            done = look()?;
            Ok(done.is_none())
        })?;
        if let Some(done) = done {
            return Ok(done);
        }
        let answer = answer.ok_or_else(|| self.unreachable("no answer"))?;
        match self.parse(&answer, what).and_then(make) {
            Ok(done) => Ok(done),
            // It was accepted; what is there may still be told.
            Err(error) => look()?.ok_or(error),
        }
    }

    /// The answer that accepts a write; `None` where `lost` says that it happened.
    fn write(
        &self,
        method: &Method,
        path: &str,
        body: &Value,
        what: &str,
        lost: &mut dyn FnMut() -> Result<bool, Error>,
    ) -> Result<Option<Answer>, Error> {
        if self.token.is_none() {
            return Err(answer::no_token(self.kind, &self.host, what));
        }
        let url = format!("{}{path}", self.base);
        let Some(answer) = self.settled(method, &url, Some(body), what, lost)? else {
            return Ok(None);
        };
        if answer.location().is_some() {
            return Err(self
                .unexpected("it redirects a request that changes something")
                .help("point the remote at where the repository is now"));
        }
        self.accepted(answer, what).map(Some)
    }

    /// Sends until there is an answer that trying again would not better. `lost` is asked after each failure that may
    /// have had an effect: `false` ends the tries, and the result is `None`.
    fn settled(
        &self,
        method: &Method,
        url: &str,
        body: Option<&Value>,
        what: &str,
        lost: &mut dyn FnMut() -> Result<bool, Error>,
    ) -> Result<Option<Answer>, Error> {
        let mut tries = 1;
        let mut wait = FIRST_WAIT;
        loop {
            let (why, harmless) = match self.once(method, url, body) {
                Sent::Hopeless(error) => return Err(error),
                Sent::Unsent(why) => (why, true),
                Sent::Lost(why) => (why, false),
                Sent::Answer(answer) => {
                    let message = answer.message(self.token.as_ref());
                    let (status, headers) = (answer.status, &answer.headers);
                    if let Some(wait) = asked_wait(status, headers, &message, self.limits.now()) {
                        self.limits.wait_out(wait, &self.host)?;
                        // A limit refuses before anything is done; an overloaded forge (503) may refuse too late.
                        if status >= 500 && !lost()? {
                            return Ok(None);
                        }
                        continue;
                    }
                    if status < 500 || status == 501 {
                        return Ok(Some(answer));
                    }
                    (format!("it answers {}", answer::status(status)), false)
                }
            };
            let why_wait = format!("`{}`, which could not {what}", self.host);
            let paused = tries < TRIES && self.limits.pause(wait, &why_wait);
            if !harmless && !lost()? {
                return Ok(None);
            }
            if !paused {
                return Err(self.unreachable(&why));
            }
            tries += 1;
            wait *= 2;
        }
    }

    /// Sends a request once.
    fn once(&self, method: &Method, url: &str, body: Option<&Value>) -> Sent {
        let mut request = Request::builder().method(method).uri(url);
        if let Some(headers) = request.headers_mut() {
            *headers = self.headers(body.is_some());
        }
        let body = body.map(Value::to_string).unwrap_or_default();
        let sent = match request.body(body) {
            Ok(request) => self.agent.run(request),
            Err(error) => Err(ureq::Error::Http(error)),
        };
        let mut response = match sent {
            Ok(response) => response,
            Err(error) => return failed(&self.host, &error),
        };
        let status = response.status().as_u16();
        let headers = std::mem::take(response.headers_mut());
        let body = response.body_mut().with_config().limit(LONGEST_ANSWER);
        match body.read_to_vec() {
            Ok(body) => Sent::Answer(Answer {
                status,
                headers,
                body,
            }),
            Err(ureq::Error::BodyExceedsLimit(_)) => {
                Sent::Hopeless(self.unexpected("the answer is too long"))
            }
            Err(error) => Sent::Lost(format!("the answer broke off ({})", cause(&error))),
        }
    }

    fn headers(&self, has_body: bool) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let accept = match self.kind {
            Some(Kind::Github) => "application/vnd.github+json",
            _ => "application/json",
        };
        headers.insert("accept", HeaderValue::from_static(accept));
        if self.kind == Some(Kind::Github) {
            // The oldest that there is: an Enterprise server refuses one that it does not know yet.
            let version = HeaderValue::from_static("2022-11-28");
            headers.insert("x-github-api-version", version);
        }
        if has_body {
            let json = HeaderValue::from_static("application/json");
            headers.insert("content-type", json);
        }
        let scheme = match self.kind {
            Some(Kind::Gitea) => "token",
            _ => "Bearer",
        };
        if let (Some(_), Some(token)) = (self.kind, &self.token) {
            let mut value = HeaderValue::try_from(format!("{scheme} {}", token.expose()))
                .expect("a token has visible ASCII characters only");
            value.set_sensitive(true);
            headers.insert("authorization", value);
        }
        headers
    }

    /// The answer, if it says that the request did what it was for.
    fn accepted(&self, answer: Answer, what: &str) -> Result<Answer, Error> {
        if (200..300).contains(&answer.status) {
            return Ok(answer);
        }
        let token = self.token.as_ref();
        Err(answer::refusal(&answer, self.kind, &self.host, token, what))
    }

    fn parse<T: DeserializeOwned>(&self, answer: &Answer, what: &str) -> Result<T, Error> {
        // An answer without a body stands for `null`.
        let body: &[u8] = if answer.body.is_empty() {
            b"null"
        } else {
            &answer.body
        };
        serde_json::from_slice(body).map_err(|error| {
            let api = self.kind.map_or("a forge", Kind::title);
            self.unexpected(&format!(
                "its answer is not what the API of {api} gives, so that gomend cannot {what} ({error})"
            ))
        })
    }

    fn unexpected(&self, why: &str) -> Error {
        Error::new(ErrorKind::Unexpected, format!("`{}`: {why}", self.host)).help(format!(
            "check --forge and {}, which is where the API is taken to be",
            super::API_VARIABLE
        ))
    }

    fn unreachable(&self, why: &str) -> Error {
        let proxy = self.proxy.as_ref();
        let proxy = proxy.map(|proxy| format!(" through the proxy `{proxy}` of the environment"));
        let proxy = proxy.unwrap_or_default();
        let help = if why == UNKNOWN_HOST {
            format!(
                "check the remote's URL; if the name is one of ssh's configuration, name the API in {}",
                super::API_VARIABLE
            )
        } else {
            "check the address and the network, and run again".to_owned()
        };
        Error::new(
            ErrorKind::Unreachable,
            format!("cannot reach `{}`{proxy}: {why}", self.host),
        )
        .help(help)
    }
}
