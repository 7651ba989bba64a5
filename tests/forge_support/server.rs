//! HTTP/1.1 on a loopback socket, by hand: faults below HTTP (a dropped connection, half an answer) need the socket.
//! Every connection carries one request.

use std::{
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    net::{Shutdown, TcpListener, TcpStream},
    sync::Arc,
    thread,
    time::Duration,
};

use serde_json::Value;

/// A request as it arrived.
#[derive(Debug, Clone)]
pub struct Request {
    pub method: String,
    /// Without the query.
    pub path: String,
    /// Without `?`; empty where there is none.
    pub query: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Request {
    /// The first header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(key, _)| key == name)?;
        Some(&found.1)
    }

    /// A value of the query, unescaped.
    pub fn parameter(&self, name: &str) -> Option<String> {
        let mut pairs = self
            .query
            .split('&')
            .filter_map(|pair| pair.split_once('='));
        let (_, value) = pairs.find(|(key, _)| *key == name)?;
        Some(unescape(value))
    }

    /// The body as JSON; `null` where it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }
}

/// Replaces `%XX`.
pub fn unescape(text: &str) -> String {
    let bytes = percent_encoding::percent_decode_str(text);
    bytes
        .decode_utf8()
        .expect("requests are UTF-8")
        .into_owned()
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn json(status: u16, body: &Value) -> Self {
        Self {
            status,
            headers: vec![("Content-Type".to_owned(), "application/json".to_owned())],
            body: body.to_string().into_bytes(),
        }
    }

    pub fn empty(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }
}

/// What is sent back.
pub enum Sending {
    Whole(Reply),
    /// The header and half of the body.
    Half(Reply),
    /// Nothing; the connection is closed.
    Nothing,
}

/// Answers connections by `answer`, each in a thread of its own, until `stopped` says so.
pub fn serve(
    listener: TcpListener,
    stopped: impl Fn() -> bool + Send + 'static,
    answer: impl Fn(&Request) -> Sending + Send + Sync + 'static,
) {
    let answer = Arc::new(answer);
    thread::spawn(move || {
        for stream in listener.incoming() {
            if stopped() {
                break;
            }
            let Ok(stream) = stream else { continue };
            let answer = answer.clone();
            thread::spawn(move || {
                // A client that goes away is no concern of the server.
                let _ = converse(&stream, &*answer);
                let _ = stream.shutdown(Shutdown::Both);
            });
        }
    });
}

fn converse(stream: &TcpStream, answer: &dyn Fn(&Request) -> Sending) -> io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    let Some(request) = read(stream)? else {
        return Ok(());
    };
    let (reply, half) = match answer(&request) {
        Sending::Nothing => return Ok(()),
        Sending::Whole(reply) => (reply, false),
        Sending::Half(reply) => (reply, true),
    };
    let mut head = Vec::new();
    write!(
        head,
        "HTTP/1.1 {} Test\r\nConnection: close\r\n",
        reply.status
    )?;
    for (name, value) in &reply.headers {
        write!(head, "{name}: {value}\r\n")?;
    }
    write!(head, "Content-Length: {}\r\n\r\n", reply.body.len())?;
    let mut out = stream;
    out.write_all(&head)?;
    let end = if half {
        reply.body.len() / 2
    } else {
        reply.body.len()
    };
    out.write_all(&reply.body[..end])?;
    out.flush()
}

/// A request, or nothing where the client closes before it sends one.
fn read(stream: &TcpStream) -> io::Result<Option<Request>> {
    let mut input = BufReader::new(stream);
    let first = input.fill_buf()?.first().copied();
    if first.is_some_and(|first| !first.is_ascii_uppercase()) {
        // TLS, as other servers answer it.
        let mut out = stream;
        out.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")?;
        return Ok(None);
    }
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if input.read_until(b'\n', &mut head)? == 0 {
            return Ok(None);
        }
    }
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut parsed = httparse::Request::new(&mut headers);
    parsed.parse(&head).map_err(io::Error::other)?;
    let target = parsed.path.unwrap_or("/");
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    let mut request = Request {
        method: parsed.method.unwrap_or("").to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        headers: parsed
            .headers
            .iter()
            .map(|header| (header.name.to_ascii_lowercase(), text(header.value)))
            .collect(),
        body: Vec::new(),
    };
    if request.header("expect").is_some() {
        let mut out = stream;
        out.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
    }
    request.body = match request.header("content-length") {
        Some(length) => {
            let mut body = vec![0; length.parse().map_err(io::Error::other)?];
            input.read_exact(&mut body)?;
            body
        }
        None if request.header("transfer-encoding").is_some() => chunks(&mut input)?,
        None => Vec::new(),
    };
    Ok(Some(request))
}

fn chunks(input: &mut BufReader<&TcpStream>) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let mut line = String::new();
        input.read_line(&mut line)?;
        let length = usize::from_str_radix(line.trim(), 16).map_err(io::Error::other)?;
        let start = body.len();
        body.resize(start + length, 0);
        input.read_exact(&mut body[start..])?;
        input.read_line(&mut line)?;
        if length == 0 {
            return Ok(body);
        }
    }
}
