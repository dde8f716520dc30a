//! The programs in `peers/clients`, each of which drives published software that knows nothing of this project.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

/// What a browser may be called.
const BROWSERS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// Whether the clients are installed; if not, says so loudly, so that a test may return.
pub(crate) fn are_installed() -> bool {
    let installed = folder().join("node_modules/@atproto/api/package.json").is_file();
    if !installed {
        eprintln!("SKIPPED: this test needs the clients in peers/clients: run 'make setup'");
    }
    installed
}

/// Where a browser is; `None`, with a loud word, if there is none.
pub(crate) fn browser() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut files = std::env::split_paths(&path).flat_map(|dir| BROWSERS.map(|name| dir.join(name)));
    let browser = files.find(|file| file.is_file());
    if browser.is_none() {
        eprintln!("SKIPPED: this test needs Chromium: run 'make setup' as root, or install it by hand");
    }
    browser
}

/// Runs a program with its surroundings and returns what it saw. One that fails fails the test with its own words.
pub(super) fn run(program: &str, surroundings: &Value) -> Value {
    let mut child = Command::new("node")
        .current_dir(folder())
        .arg(program)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Dropped at the end of the statement, which is what tells the program that it has everything.
    child.stdin.take().unwrap().write_all(surroundings.to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} failed ({}):\n{errors}", output.status);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{program}: {error}\n{errors}"))
}

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../peers/clients"))
}
