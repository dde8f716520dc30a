//! curl: an upload that was cut off goes on where it was.

use std::process::Command;

use registry_conformance::client::Challenge;
use registry_conformance::content::Algorithm;

use super::layout::Layout;
use super::tools::{Tools, run};
use super::{Site, on_a_guarded_server, on_ours};
use crate::ours::ALICE;

const NEEDS: [&str; 1] = ["curl"];

#[tokio::test(flavor = "multi_thread")]
async fn works_on_a_guarded_server() {
    on_a_guarded_server(script, &NEEDS).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn works_on_ours() {
    on_ours(script, &NEEDS).await;
}

fn script(tools: &Tools, site: &Site, _: &Layout) {
    let content: Vec<u8> = (0..200_000_u32).flat_map(u32::to_le_bytes).collect();
    let half = content.len() / 2;
    let (first, rest) = (tools.file("first", &content[..half]), tools.file("rest", &content[half..]));
    let digest = Algorithm::Sha256.digest(&content);
    let base = format!("http://{}/v2/{ALICE}/cut", site.host);
    let authorization = authorization(tools, site, &base);
    let curl = |arguments: &[&str]| {
        let mut command = tools.command("curl");
        command.args(["--silent", "--show-error", "--include", "--header", &authorization]);
        // Otherwise curl says that it sends a form, and the reference server reads one.
        command.args(["--header", "Content-Type: application/octet-stream"]).args(arguments);
        Said::by(&mut command, &site.host)
    };
    let upload = curl(&["--request", "POST", "--data", "", &format!("{base}/blobs/uploads/")]).expect(202);
    let patch = |to: &str, range: &str, file: &std::path::Path| {
        let (range, file) = (format!("Content-Range: {range}"), format!("@{}", file.display()));
        curl(&["--request", "PATCH", "--header", &range, "--data-binary", &file, to])
    };
    let upload = patch(&upload.location, &format!("0-{}", half - 1), &first).expect(202);
    // The connection is gone, and so is what the client knew.
    let status = curl(&[&upload.location]).expect(204);
    assert_eq!(status.range, format!("0-{}", half - 1));
    let upload = patch(&status.location, &format!("{half}-{}", content.len() - 1), &rest).expect(202);
    let joint = if upload.location.contains('?') { '&' } else { '?' };
    let last = format!("{}{joint}digest={digest}", upload.location);
    curl(&["--request", "PUT", "--data", "", &last]).expect(201);
    let mut get = tools.command("curl");
    get.args(["--silent", "--header", &authorization, &format!("{base}/blobs/{digest}")]);
    assert_eq!(get.output().unwrap().stdout, content);
}

/// The header that opens the repository: what the server asks for, as a person would get it.
fn authorization(tools: &Tools, site: &Site, base: &str) -> String {
    let mut ask = tools.command("curl");
    let asked = run(ask
        .args(["--silent", "--include", "--request", "POST", "--data", ""])
        .arg(format!("{base}/blobs/uploads/")));
    let challenge = asked.lines().find_map(|line| {
        line.split_once(": ").filter(|(name, _)| name.eq_ignore_ascii_case("www-authenticate"))
    });
    let challenge = Challenge::parse(challenge.unwrap_or_else(|| panic!("{asked}")).1.trim()).unwrap();
    let (user, password) = site.login.unwrap();
    let login = format!("{user}:{password}");
    if challenge.scheme == "Basic" {
        return format!("Authorization: Basic {}", data_encoding::BASE64.encode(login.as_bytes()));
    }
    let mut token = tools.command("curl");
    token.args(["--silent", "--get", "--user", &login, &challenge.realm]);
    for (name, value) in [("scope", challenge.scope), ("service", challenge.service)] {
        token.args(["--data-urlencode", &format!("{name}={}", value.unwrap())]);
    }
    let answer: serde_json::Value = serde_json::from_str(&run(&mut token)).unwrap();
    format!("Authorization: Bearer {}", answer["token"].as_str().unwrap())
}

/// What curl prints of an answer.
struct Said {
    all: String,
    location: String,
    range: String,
}

impl Said {
    fn by(command: &mut Command, host: &str) -> Self {
        let all = run(command);
        let header = |wanted: &str| {
            let found = all
                .lines()
                .find_map(|line| line.split_once(": ").filter(|(name, _)| name.eq_ignore_ascii_case(wanted)));
            found.map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
        };
        let location = header("location");
        let location = if location.starts_with('/') { format!("http://{host}{location}") } else { location };
        let range = header("range");
        Self { all, location, range }
    }

    fn expect(self, status: u16) -> Self {
        // One that asked whether to go on was told so first.
        let last = self.all.lines().rfind(|line| line.starts_with("HTTP/1.1 ")).unwrap_or_default();
        assert!(last.starts_with(&format!("HTTP/1.1 {status}")), "{}", self.all);
        self
    }
}
