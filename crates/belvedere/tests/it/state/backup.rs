//! `belvedere state backup`

use std::os::unix::fs::PermissionsExt;

use testkit::TestDatabase;

use super::durable;
use crate::place::{Place, outcome};

#[test]
fn the_file_is_private_and_complete() {
    let place = Place::on(TestDatabase::sqlite());
    place.json(&["key", "create"]);
    place.write("file", "an older one");
    let written = place.json(&["state", "backup", "file"]);
    let file = place.path().join("file");
    let metadata = std::fs::metadata(&file).unwrap();
    assert_eq!(metadata.permissions().mode() & 0o777, 0o600);
    assert_eq!(written["bytes"], metadata.len());
    assert_eq!(written["tables"], durable(&place));
    assert_eq!(written["engine"], "sqlite");
    assert_eq!(written["program"], env!("CARGO_PKG_VERSION"));
    assert_eq!(written["master_secret"], "data/master.key");
    assert!(!place.path().join("file.part").exists());
    let text = place.text(&["state", "backup", "file"]);
    assert!(
        text.starts_with("Backed up ") && text.contains("Keep the master secret, too: data/master.key."),
        "{text}"
    );
}

#[test]
fn what_seals_is_named() {
    let place = Place::on(TestDatabase::sqlite());
    place.json(&["key", "create"]);
    let mut command = place.command(&["state", "backup", "file"]);
    let said = outcome(command.env("MASTER_SECRET", "a secret of more than thirty-two bytes"));
    assert!(said.stdout.contains("the value of MASTER_SECRET"), "{said:?}");
}

#[test]
fn it_can_go_through_a_pipe() {
    let from = Place::on(TestDatabase::sqlite());
    from.json(&["user", "add", "did:web:bob.example.com", "--template", "viewer"]);
    let output = from.command(&["state", "backup", "-"]).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("master.key"), "{output:?}");

    let to = Place::on(TestDatabase::sqlite());
    let mut restore = to.command(&["state", "restore", "-"]);
    let restored = outcome(restore.write_stdin(output.stdout.clone()));
    assert_eq!(restored.code, Some(0), "{restored:?}");
    assert_eq!(durable(&to), durable(&from));
    assert_eq!(to.json(&["user", "list"]), from.json(&["user", "list"]));
}

#[test]
fn where_nothing_can_be_written_nothing_is_left() {
    let place = Place::on(TestDatabase::sqlite());
    let error = place.failure(&["state", "backup", "file"]);
    assert!(error.contains("error: there is no database"), "{error}");
    place.json(&["key", "create"]);
    let error = place.failure(&["state", "backup", "missing/file"]);
    assert!(error.contains("error: cannot write missing/file"), "{error}");
    std::fs::create_dir(place.path().join("folder")).unwrap();
    assert!(place.failure(&["state", "backup", "folder"]).contains("error: cannot write folder"));
    let left: Vec<_> =
        std::fs::read_dir(place.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().ends_with(".part")), "{left:?}");
}
