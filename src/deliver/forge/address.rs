//! The address of an API, and which ones a token may go to.

use ureq::http::Uri;

use super::{Error, ErrorKind, redact};

/// How an address is written, as a next step.
const SHAPE: &str = "write https://HOST/PATH into GOMEND_FORGE_API";

/// Parts of an API's address.
pub(super) struct Address {
    /// Scheme, host and port.
    pub(super) origin: String,
    /// Host with port.
    pub(super) host: String,
    /// Itself.
    pub(super) uri: Uri,
    /// It is this machine.
    pub(super) loopback: bool,
}

impl Address {
    /// # Errors
    /// It is no address of an API, holds a user, or is plain HTTP to another machine.
    pub(super) fn parse(base: &str) -> Result<Self, Error> {
        let wrong = |why: &str| {
            Error::new(
                ErrorKind::Usage,
                format!("address of the API `{}` {why}", redact(base, None)),
            )
        };
        let uri: Uri = base
            .parse()
            .map_err(|_| wrong("is not a URL").help(SHAPE))?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(wrong("has no scheme and host").help(SHAPE));
        };
        if authority.as_str().contains('@') {
            return Err(wrong("holds a user").help("put the token into the environment"));
        }
        if uri.query().is_some() {
            return Err(wrong("has a query").help(SHAPE));
        }
        let host = authority.host();
        let address = host.trim_matches(['[', ']']);
        let loopback = host.eq_ignore_ascii_case("localhost")
            || address
                .parse()
                .is_ok_and(|ip: std::net::IpAddr| ip.is_loopback());
        match scheme {
            "https" => {}
            "http" if loopback => {}
            "http" => {
                return Err(
                    wrong("is plain HTTP, which would show the token to the network")
                        .help("use https"),
                );
            }
            _ => return Err(wrong("is not HTTP").help(SHAPE)),
        }
        Ok(Self {
            origin: format!("{scheme}://{authority}"),
            host: authority.to_string(),
            loopback,
            uri,
        })
    }
}
