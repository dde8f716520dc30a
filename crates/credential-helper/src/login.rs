//! Logging in: this machine becomes a device of somebody who approves it in a browser (spec/registry.md §2.4).

use std::process::{Command, Stdio};
use std::time::Duration;

use reqwest::Client;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::arguments::Login;
use crate::credentials::{Account, Credentials};
use crate::host::Host;
use crate::{Error, Places, Streams};

#[derive(Deserialize)]
struct Codes {
    device_code: String,
    user_code: String,
    verification_uri: String,
    verification_uri_complete: String,
    expires_in: u64,
    interval: u64,
}

#[derive(Deserialize)]
struct Admitted {
    device_secret: String,
    did: String,
    handle: String,
}

pub(crate) fn login(login: &Login, streams: &mut Streams<'_>, places: &Places) -> Result<(), Error> {
    let host = Host::parse(&login.host)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let admitted = runtime.block_on(admission(login, &host, streams.notes))?;
    let Admitted { device_secret: secret, did, handle } = admitted;
    let account = Account { username: handle.clone(), did: Some(did), secret };
    Credentials::change(places, |credentials| {
        credentials.keep(&host, account);
        Ok(())
    })?;
    writeln!(streams.output, "Logged in at {host} as {handle}.")?;
    writeln!(streams.notes, "Run `configure-docker {host}` if your client does not know this program yet.")?;
    Ok(())
}

async fn admission(login: &Login, host: &Host, notes: &mut dyn std::io::Write) -> Result<Admitted, Error> {
    let client = Client::builder()
        .user_agent(concat!("docker-credential-belvedere/", env!("CARGO_PKG_VERSION")))
        .timeout(Duration::from_secs(30))
        .build()?;
    let name = login.name.clone().unwrap_or_else(machine);
    let url = format!("{}/auth/device/code", host.origin());
    let answer = client.post(url).json(&json!({ "device_name": name })).send().await?;
    if !answer.status().is_success() {
        return Err(Error::Registry(format!(
            "{host} answers {}; is it a registry that lets devices in?",
            answer.status()
        )));
    }
    let codes: Codes = answer.json().await?;
    writeln!(notes, "Open {} and approve the code\n\n    {}\n", codes.verification_uri, codes.user_code)?;
    if !login.no_browser {
        open(&codes.verification_uri_complete);
    }
    wait(&client, host, &codes).await
}

/// Asks until somebody has decided.
async fn wait(client: &Client, host: &Host, codes: &Codes) -> Result<Admitted, Error> {
    let deadline = Instant::now() + Duration::from_secs(codes.expires_in.min(3600));
    let mut interval = Duration::from_secs(codes.interval.clamp(1, 60));
    let url = format!("{}/auth/device/token", host.origin());
    while Instant::now() < deadline {
        sleep(interval).await;
        let body = json!({ "device_code": codes.device_code });
        // A registry that is restarted is back in a moment.
        let Ok(answer) = client.post(&url).json(&body).send().await else { continue };
        let answer: Value = answer.json().await.unwrap_or_default();
        match answer["error"].as_str() {
            None if answer["device_secret"].is_string() => {
                return serde_json::from_value(answer).map_err(|error| Error::Registry(error.to_string()));
            }
            Some("slow_down") => interval += Duration::from_secs(5),
            Some("access_denied") => return Err(Error::Denied),
            Some("expired_token") => return Err(Error::Expired),
            _ => {}
        }
    }
    Err(Error::Expired)
}

/// What this machine is called.
fn machine() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let name = name.trim();
    if name.is_empty() { "credential helper".to_owned() } else { name.to_owned() }
}

/// Shows a page, if this machine has a browser. The address is on the screen, too.
fn open(url: &str) {
    let program = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let _ = Command::new(program)
        .arg(url)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
}
