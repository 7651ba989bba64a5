//! What it means that a request brought no answer: whether it may have had an effect, and whether trying again helps.

use super::{
    Error, ErrorKind,
    answer::{Answer, plain},
    redact,
};

/// Why a request did not leave where the host's name leads nowhere.
pub(super) const UNKNOWN_HOST: &str = "no host of this name is found";

/// What came of sending a request once.
pub(super) enum Sent {
    /// A whole answer.
    Answer(Answer),
    /// No whole answer; the forge may have done what was asked for.
    Lost(String),
    /// The request did not leave this machine, or did not arrive.
    Unsent(String),
    /// Trying again cannot help.
    Hopeless(Error),
}

/// What a failure of the connection to `host` means.
pub(super) fn failed(host: &str, error: &ureq::Error) -> Sent {
    use std::io::ErrorKind::{
        BrokenPipe, ConnectionAborted, ConnectionRefused, ConnectionReset, HostUnreachable,
        NetworkUnreachable, UnexpectedEof,
    };
    match error {
        ureq::Error::HostNotFound => Sent::Unsent(UNKNOWN_HOST.to_owned()),
        // The standard library gives no kind to this one.
        ureq::Error::Io(io) if io.to_string().contains("failed to lookup address") => {
            Sent::Unsent(UNKNOWN_HOST.to_owned())
        }
        ureq::Error::ConnectionFailed | ureq::Error::ConnectProxyFailed(_) => {
            Sent::Unsent(cause(error))
        }
        ureq::Error::Io(io)
            if [ConnectionRefused, HostUnreachable, NetworkUnreachable].contains(&io.kind()) =>
        {
            Sent::Unsent(cause(error))
        }
        ureq::Error::Io(io)
            if [
                UnexpectedEof,
                ConnectionReset,
                ConnectionAborted,
                BrokenPipe,
            ]
            .contains(&io.kind()) =>
        {
            Sent::Lost("it closes the connection without an answer".to_owned())
        }
        ureq::Error::Timeout(ureq::Timeout::Resolve | ureq::Timeout::Connect) => {
            Sent::Unsent("it does not take the connection in time".to_owned())
        }
        ureq::Error::Timeout(_) => Sent::Lost("it does not answer in time".to_owned()),
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) | ureq::Error::Pem(_) => {
            Sent::Hopeless(distrust(host, error))
        }
        // What TLS finds wrong while it shakes hands comes as bad data.
        ureq::Error::Io(io) if io.kind() == std::io::ErrorKind::InvalidData => {
            Sent::Hopeless(distrust(host, error))
        }
        ureq::Error::InvalidProxyUrl => Sent::Hopeless(
            Error::new(
                ErrorKind::Usage,
                "the proxy in the environment is not a URL",
            )
            .help("correct HTTPS_PROXY"),
        ),
        ureq::Error::BadUri(_) | ureq::Error::Http(_) | ureq::Error::RequireHttpsOnly(_) => {
            Sent::Hopeless(Error::new(
                ErrorKind::Usage,
                format!("cannot make a request to `{host}`: {}", cause(error)),
            ))
        }
        _ => Sent::Lost(cause(error)),
    }
}

/// There is no TLS, or its certificate is not trusted.
fn distrust(host: &str, error: &ureq::Error) -> Error {
    let cause = cause(error);
    let help = if cause.contains("certificate") {
        "add the certificate of its authority to what the system trusts"
    } else {
        "check that the address speaks HTTPS"
    };
    Error::new(
        ErrorKind::Unreachable,
        format!("cannot trust the connection to `{host}`: {cause}"),
    )
    .help(help)
}

/// What went wrong on the way, in one line.
pub(super) fn cause(error: &ureq::Error) -> String {
    let text = error.to_string();
    let text = text.strip_prefix("io: ").unwrap_or(&text);
    plain(&redact(text, None))
}
