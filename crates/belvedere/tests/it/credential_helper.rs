//! The binary under the name that container clients look for.

use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

/// Calls the helper as a client does, with everything of its user in `home`.
fn call(home: &Path, command: &str, input: &str) -> Output {
    let program = home.join("docker-credential-belvedere");
    if !program.exists() {
        symlink(assert_cmd::cargo::cargo_bin!("belvedere"), &program).unwrap();
    }
    let mut child = Command::new(program)
        .arg(command)
        .env_clear()
        .env("HOME", home)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn clients_store_get_and_erase() {
    let home = tempfile::tempdir().unwrap();
    let missing = call(home.path(), "get", "registry.test");
    assert_eq!(
        (missing.status.code(), &*missing.stdout),
        (Some(1), &b"credentials not found in native keychain\n"[..])
    );
    let entry = json!({ "ServerURL": "registry.test", "Username": "alice.test", "Secret": "one" });
    assert!(call(home.path(), "store", &entry.to_string()).status.success());
    let got = call(home.path(), "get", "registry.test");
    assert_eq!(serde_json::from_slice::<Value>(&got.stdout).unwrap(), entry);
    assert!(home.path().join(".config/belvedere/credentials.json").exists());
    assert!(call(home.path(), "erase", "registry.test").status.success());
    assert_eq!(call(home.path(), "get", "registry.test").status.code(), Some(1));
}
