//! A headless Chromium, spoken to through a pipe: `--remote-debugging-pipe`, messages of JSON each ended by a zero byte
//! (<https://chromedevtools.github.io/devtools-protocol>). No port is opened, and no crate for web sockets is needed.

use std::{
    cell::RefCell,
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    time::Duration,
};

use serde_json::{Value, json};
use tempfile::TempDir;

/// Far longer than anything takes; a browser that hangs must not hang the tests.
const PATIENCE: Duration = Duration::from_secs(120);

/// Where the program is; `None` where none is installed.
pub fn program() -> Option<PathBuf> {
    let names = ["chromium", "chromium-browser", "google-chrome", "chrome"];
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|file| file.is_file())
}

/// A browser with one page.
pub struct Browser {
    child: Child,
    input: ChildStdin,
    messages: Receiver<Value>,
    session: Option<String>,
    last: u64,
    /// What the page asked for and complained of since it was opened.
    events: RefCell<Vec<Value>>,
    _profile: TempDir,
}

impl Browser {
    /// Starts the program with an empty page of this size in pixels.
    pub fn start(program: &Path, (width, height): (u32, u32)) -> Self {
        let profile = tempfile::tempdir().expect("a temporary folder");
        // The protocol is read from descriptor 3 and written to 4, which a shell can make of its own 0 and 1.
        let mut child = Command::new("sh")
            .args(["-c", r#"exec "$@" 3<&0 4>&1 </dev/null >/dev/null"#, "sh"])
            .arg(program)
            .args([
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                "--no-first-run",
            ])
            .args([
                "--disable-background-networking",
                "--disable-dev-shm-usage",
                "--remote-debugging-pipe",
            ])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("about:blank")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("sh is there");
        let input = child.stdin.take().expect("it is piped");
        let output = BufReader::new(child.stdout.take().expect("it is piped"));
        let (send, messages) = channel();
        std::thread::spawn(move || {
            for message in output.split(0).map_while(Result::ok) {
                let message = serde_json::from_slice(&message).expect("the protocol is JSON");
                if send.send(message).is_err() {
                    return;
                }
            }
        });
        let mut browser = Self {
            child,
            input,
            messages,
            session: None,
            last: 0,
            events: RefCell::default(),
            _profile: profile,
        };
        let target = browser.call("Target.createTarget", &json!({"url": "about:blank"}));
        let target = json!({"targetId": target["targetId"], "flatten": true});
        let session = browser.call("Target.attachToTarget", &target);
        browser.session = session["sessionId"].as_str().map(str::to_owned);
        for domain in ["Page", "Runtime", "Log", "Network"] {
            browser.call(&format!("{domain}.enable"), &json!({}));
        }
        let size =
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        browser.call("Emulation.setDeviceMetricsOverride", &size);
        browser
    }

    /// Calls a method and waits for its result.
    pub fn call(&mut self, method: &str, parameters: &Value) -> Value {
        self.last += 1;
        let mut message = json!({"id": self.last, "method": method, "params": parameters});
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        let sent = self.input.write_all(format!("{message}\0").as_bytes());
        sent.expect("the browser listens");
        loop {
            let message = self.next();
            if message["id"] != json!(self.last) {
                continue;
            }
            assert_eq!(message["error"], Value::Null, "{method}");
            return message["result"].clone();
        }
    }

    /// The next message; events among them are kept.
    fn next(&mut self) -> Value {
        let message = self.messages.recv_timeout(PATIENCE);
        let message = message.expect("the browser answers");
        if message.get("method").is_some() {
            self.events.borrow_mut().push(message.clone());
        }
        message
    }

    /// Opens a file and waits until it is loaded and painted.
    pub fn open(&mut self, file: &Path) {
        self.events.borrow_mut().clear();
        let url = format!("file://{}", file.display());
        self.call("Page.navigate", &json!({"url": url}));
        while self.next()["method"] != json!("Page.loadEventFired") {}
        self.eval("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(null))))");
    }

    /// The value of an expression in the page, waited for where it is a promise.
    pub fn eval(&mut self, expression: &str) -> Value {
        let parameters =
            json!({"expression": expression, "returnByValue": true, "awaitPromise": true});
        let result = self.call("Runtime.evaluate", &parameters);
        assert_eq!(result["exceptionDetails"], Value::Null, "{expression}");
        result["result"]["value"].clone()
    }

    /// Presses keys one after the other: characters, or names such as `Enter`.
    pub fn press(&mut self, keys: &[&str]) {
        for key in keys {
            let (text, number) = match *key {
                "Enter" => (Some("\r"), 13),
                "Escape" => (None, 27),
                key if key.chars().count() == 1 => (Some(key), 0),
                _ => panic!("a key without a number: {key}"),
            };
            // The browser's own answers to keys go by the number.
            let mut event = json!({"type": "keyDown", "key": key, "windowsVirtualKeyCode": number});
            if let Some(text) = text {
                event["text"] = json!(text);
            }
            self.call("Input.dispatchKeyEvent", &event);
            self.call(
                "Input.dispatchKeyEvent",
                &json!({"type": "keyUp", "key": key}),
            );
        }
    }

    /// Types a text into what has the focus.
    pub fn type_text(&mut self, text: &str) {
        let keys: Vec<String> = text.chars().map(String::from).collect();
        self.press(&keys.iter().map(String::as_str).collect::<Vec<_>>());
    }

    /// What the system's preference of colours is.
    pub fn prefer(&mut self, scheme: &str) {
        let feature = json!({"name": "prefers-color-scheme", "value": scheme});
        self.call(
            "Emulation.setEmulatedMedia",
            &json!({"features": [feature]}),
        );
    }

    /// Everything that the page asked for, itself left out, and everything that it or the browser complained of.
    pub fn complaints(&mut self) -> Vec<String> {
        self.eval("null"); // What was said before has come by then.
        let events = self.events.borrow();
        let said = events.iter().filter_map(|event| {
            let parameters = &event["params"];
            match event["method"].as_str()? {
                "Network.requestWillBeSent" => {
                    let url = parameters["request"]["url"].as_str()?;
                    (parameters["type"] != json!("Document")).then(|| format!("request: {url}"))
                }
                "Runtime.consoleAPICalled" => Some(format!("console: {}", parameters["args"])),
                "Runtime.exceptionThrown" => {
                    Some(format!("exception: {}", parameters["exceptionDetails"]))
                }
                "Log.entryAdded" => Some(format!("log: {}", parameters["entry"]["text"])),
                _ => None,
            }
        });
        said.collect()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
