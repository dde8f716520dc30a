//! The credential helper logs in at a registry.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use atproto::Did;
use credential_helper::{Error, Places, Streams, run};
use http::HeaderMap;
use registry::auth::Presented;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::presenting::basic;
use super::site::{on_each_site, text};
use super::stand_in::ALICE;

/// What it says to people, while it waits for them.
#[derive(Clone, Default)]
struct Screen(Arc<Mutex<Vec<u8>>>);

impl Write for Screen {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Screen {
    /// The code that is to be approved, as soon as it is there.
    async fn code(&self) -> String {
        loop {
            let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
            if let Some(code) = text.lines().find_map(|line| line.strip_prefix("    ")) {
                return code.to_owned();
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

/// Calls the helper on a thread of its own; what it prints.
async fn call(folder: &TempDir, screen: &Screen, args: &[&str], input: &str) -> Result<String, Error> {
    let config = folder.path().join("config");
    let places = Places { config, docker: folder.path().join("docker.json"), caller: Vec::new() };
    let args: Vec<String> = args.iter().map(ToString::to_string).collect();
    let (input, mut notes) = (input.to_owned(), screen.clone());
    let called = tokio::task::spawn_blocking(move || {
        let (mut input, mut output) = (input.as_bytes(), Vec::new());
        let mut streams = Streams { input: &mut input, output: &mut output, notes: &mut notes };
        run(args, &mut streams, &places).map(|()| String::from_utf8(output).unwrap())
    });
    called.await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_logs_in_and_out() {
    on_each_site(async |site| {
        let (folder, screen) = (tempfile::tempdir().unwrap(), Screen::default());
        let host = site.origin.strip_prefix("http://").unwrap().to_owned();
        let login = ["login", &host, "--no-browser", "--name", "laptop"];
        let decide = async {
            let body = json!({ "user_code": screen.code().await, "approve": true });
            site.browser(ALICE).await.post("/device/approve", &body).await.expect(200);
        };
        let (printed, ()) = tokio::join!(call(&folder, &screen, &login, ""), decide);
        assert_eq!(printed.unwrap(), format!("Logged in at {host} as alice.test.\n"));
        let got: Value =
            serde_json::from_str(&call(&folder, &screen, &["get"], &host).await.unwrap()).unwrap();
        assert_eq!((text(&got, "ServerURL"), text(&got, "Username")), (host.clone(), "alice.test".into()));
        let shown = site.auth.presented(&basic("alice.test", &text(&got, "Secret")), None).await.unwrap();
        assert_eq!(shown.subject(), Some(&Did::parse(ALICE).unwrap()));
        let devices = site.browser(ALICE).await.get("/api/devices").await.expect(200);
        assert_eq!(devices[0]["name"], "laptop");
        assert!(text(&devices[0], "user_agent").starts_with("docker-credential-belvedere/"));
        call(&folder, &screen, &["logout", &host], "").await.unwrap();
        assert!(matches!(call(&folder, &screen, &["get"], &host).await, Err(Error::NotFound)));
        assert!(matches!(site.auth.presented(&HeaderMap::new(), None).await, Ok(Presented::Nobody)));
    })
    .await;
}
