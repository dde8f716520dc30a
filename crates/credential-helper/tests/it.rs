//! The helper as clients and people call it, on a folder of its own.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::os::unix::fs::PermissionsExt;

use credential_helper::{Error, Places, Streams, run};
use serde_json::{Value, json};
use tempfile::TempDir;

struct User {
    _folder: TempDir,
    places: Places,
}

impl User {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (config, docker) = (folder.path().join("config"), folder.path().join("docker/config.json"));
        Self { _folder: folder, places: Places { config, docker, caller: Vec::new() } }
    }

    fn call(&self, args: &[&str], mut input: &str) -> Result<String, Error> {
        // A reader of text is a reader of its bytes.
        let mut bytes = std::mem::take(&mut input).as_bytes();
        let (mut output, mut notes) = (Vec::new(), Vec::new());
        let mut streams = Streams { input: &mut bytes, output: &mut output, notes: &mut notes };
        run(args, &mut streams, &self.places)?;
        Ok(String::from_utf8(output).unwrap())
    }

    fn store(&self, host: &str, name: &str, secret: &str) {
        let entry = json!({ "ServerURL": host, "Username": name, "Secret": secret });
        assert_eq!(self.call(&["store"], &entry.to_string()).unwrap(), "");
    }

    fn get(&self, host: &str) -> Result<Value, Error> {
        self.call(&["get"], host).map(|output| serde_json::from_str(&output).unwrap())
    }
}

#[test]
fn what_is_stored_is_got_and_erased() {
    let user = User::new();
    let missing = user.get("registry.test").unwrap_err();
    assert_eq!(missing.to_string(), "credentials not found in native keychain");
    user.store("https://registry.test/v1/", "alice.test", "one");
    user.store("127.0.0.1:5000", "bob.test", "two");
    let got = user.get("registry.test\n").unwrap();
    assert_eq!(got, json!({ "ServerURL": "registry.test", "Username": "alice.test", "Secret": "one" }));
    let listed: Value = serde_json::from_str(&user.call(&["list"], "").unwrap()).unwrap();
    assert_eq!(listed, json!({ "registry.test": "alice.test", "127.0.0.1:5000": "bob.test" }));
    user.call(&["erase"], "https://registry.test").unwrap();
    assert!(matches!(user.get("registry.test"), Err(Error::NotFound)));
    assert!(user.get("127.0.0.1:5000").is_ok());
}

#[test]
fn only_their_owner_reads_secrets() {
    let user = User::new();
    user.store("registry.test", "alice.test", "one");
    user.store("registry.test", "alice.test", "two");
    let mode = |name: &str| fs::metadata(user.places.config.join(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("credentials.json"), mode("")), (0o600, 0o700));
    assert_eq!(user.get("registry.test").unwrap()["Secret"], "two");
    let names = fs::read_dir(&user.places.config).unwrap().count();
    assert_eq!(names, 2, "the secrets and the lock, and nothing that was left over");
}

#[test]
fn several_accounts_live_side_by_side() {
    let mut user = User::new();
    user.store("registry.test", "alice.test", "one");
    user.store("registry.test", "bob.test", "two");
    assert_eq!(user.get("registry.test").unwrap()["Username"], "bob.test", "who came last");
    user.call(&["switch", "registry.test", "alice.test"], "").unwrap();
    assert_eq!(user.get("registry.test").unwrap()["Username"], "alice.test");
    let status = user.call(&["status"], "").unwrap();
    assert_eq!(status, "registry.test\n  * alice.test\n    bob.test\n");
    user.places.caller = ["docker", "push", "registry.test/bob.test/app"].map(Into::into).into();
    assert_eq!(user.get("registry.test").unwrap()["Username"], "bob.test", "whose image it is");
    assert!(matches!(
        user.call(&["switch", "registry.test", "carol.test"], ""),
        Err(Error::NoAccount { .. })
    ));
    user.call(&["logout", "registry.test", "bob.test"], "").unwrap();
    assert_eq!(user.get("registry.test").unwrap()["Username"], "alice.test");
    user.call(&["logout", "registry.test"], "").unwrap();
    assert!(matches!(user.get("registry.test"), Err(Error::NotFound)));
    assert!(user.call(&["logout", "registry.test"], "").is_err());
}

#[test]
fn the_configuration_of_docker_keeps_what_it_has() {
    let user = User::new();
    assert!(user.call(&["configure-docker"], "").is_err(), "nobody is logged in");
    fs::create_dir_all(user.places.docker.parent().unwrap()).unwrap();
    let before =
        json!({ "auths": { "other.test": { "auth": "x" } }, "credHelpers": { "other.test": "pass" } });
    fs::write(&user.places.docker, before.to_string()).unwrap();
    user.store("registry.test", "alice.test", "one");
    user.call(&["configure-docker"], "").unwrap();
    user.call(&["configure-docker", "https://Second.test/"], "").unwrap();
    let after: Value = serde_json::from_slice(&fs::read(&user.places.docker).unwrap()).unwrap();
    let helpers = json!({ "other.test": "pass", "registry.test": "belvedere", "second.test": "belvedere" });
    assert_eq!(after, json!({ "auths": before["auths"], "credHelpers": helpers }));
    fs::write(&user.places.docker, "{").unwrap();
    assert!(matches!(user.call(&["configure-docker"], ""), Err(Error::Malformed { .. })));
    assert_eq!(fs::read(&user.places.docker).unwrap(), b"{", "what is not understood is left alone");
}

#[test]
fn nonsense_is_refused() {
    let user = User::new();
    for (args, input) in [
        (&["get"][..], ""),
        (&["get"], "a b"),
        (&["store"], "{}"),
        (&["store"], "nonsense"),
        (&["erase"], "user:password@registry.test"),
        (&["fly"], ""),
        (&[], ""),
    ] {
        assert!(user.call(args, input).is_err(), "{args:?} {input}");
    }
    fs::create_dir_all(&user.places.config).unwrap();
    fs::write(user.places.config.join("credentials.json"), "{").unwrap();
    assert!(matches!(user.get("registry.test"), Err(Error::Malformed { .. })));
}

#[test]
fn writers_do_not_lose_what_others_write() {
    let user = User::new();
    std::thread::scope(|scope| {
        for n in 0..16 {
            let user = &user;
            scope.spawn(move || user.store(&format!("r{n}.test"), "alice.test", "s"));
        }
    });
    let listed: Value = serde_json::from_str(&user.call(&["list"], "").unwrap()).unwrap();
    assert_eq!(listed.as_object().unwrap().len(), 16);
}
