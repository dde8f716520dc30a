//! `belvedere state restore`: what it refuses.

use testkit::{Belvedere, TestDatabase};

use super::{alone, durable};
use crate::place::Place;

/// A place with a key, and its backup in `file`.
fn backed_up() -> Place {
    let place = Place::on(TestDatabase::sqlite());
    place.json(&["key", "create"]);
    place.json(&["state", "backup", "file"]);
    place
}

fn carry(from: &Place, to: &Place) {
    std::fs::copy(from.path().join("file"), to.path().join("file")).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_in_use_is_kept_unless_told_otherwise() {
    let from = backed_up();
    for database in testkit::databases().await {
        let to = Place::on(database);
        carry(&from, &to);
        to.json(&["user", "add", "did:web:bob.example.com", "--template", "viewer"]);
        let before = durable(&to);
        let error = to.failure(&["state", "restore", "file"]);
        assert!(
            error.starts_with("error: the database is not empty: table event_logs has rows\nhelp: "),
            "{error}"
        );
        assert!(error.contains("--force"), "{error}");
        assert_eq!(durable(&to), before);
        let restored = to.json(&["state", "restore", "file", "--force"]);
        assert_eq!(restored["tables"], durable(&from));
        assert_eq!(durable(&to), durable(&from));
        assert_eq!(to.json(&["key", "list"]), from.json(&["key", "list"]));
        let text = to.text(&["state", "restore", "file", "--force"]);
        assert!(text.contains("belvedere state rebuild"), "{text}");
    }
}

#[test]
fn a_damaged_file_changes_nothing() {
    let (from, to) = (backed_up(), Place::on(TestDatabase::sqlite()));
    let whole = std::fs::read(from.path().join("file")).unwrap();
    let mut altered = whole.clone();
    let middle = altered.len() / 2;
    altered[middle] ^= 1;
    let (damaged, foreign) = ("error: the backup is damaged: ", "error: this file is not a backup");
    for (bytes, problems) in [
        (&whole[..whole.len() - 1], &[damaged][..]),
        // So small a file is one block: it cannot be decompressed at all, or what comes out is something else.
        (&altered[..], &[damaged, foreign]),
        (b"SQLite format 3\0".as_slice(), &[foreign]),
    ] {
        std::fs::write(to.path().join("file"), bytes).unwrap();
        let error = to.failure(&["state", "restore", "file"]);
        assert!(problems.iter().any(|problem| error.starts_with(problem)), "{error}");
        assert!(!to.database.dir().unwrap().join("state.db").exists(), "nothing was even made");
    }
    let error = to.failure(&["state", "restore", "nowhere"]);
    assert!(error.starts_with("error: cannot read nowhere"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_server_is_in_the_way() {
    let from = backed_up();
    for database in testkit::databases().await {
        let to = Place::on(database);
        carry(&from, &to);
        let server = Belvedere::start(&alone(&to)).await;
        let before = durable(&to);
        let error = to.failure(&["state", "restore", "file", "--force"]);
        assert!(error.contains("error: another server with process id"), "{error}");
        assert_eq!(durable(&to), before);
        server.terminate().await;
        to.json(&["state", "restore", "file", "--force"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn so_is_one_on_another_machine() {
    let Some(database) = TestDatabase::postgres().await else { return };
    let (from, to) = (backed_up(), Place::on(database));
    carry(&from, &to);
    to.json(&["key", "create"]);
    let store = to.database.open(&crate::state_of::schemas()).await;
    let lease = |expires: &'static str| {
        store.index.write(move |conn| {
            conn.execute("DELETE FROM cursors", &[])?;
            let insert = format!(
                "INSERT INTO cursors (source, holder, lease_expires) VALUES ('jetstream', 'elsewhere', {expires})"
            );
            conn.execute(&insert, &[])
        })
    };
    lease("CAST(extract(epoch FROM now()) AS BIGINT) * 1000000 + 60000000").await.unwrap();
    let error = to.failure(&["state", "restore", "file", "--force"]);
    assert!(
        error.starts_with("error: the server elsewhere works on this database\nhelp: stop every server"),
        "{error}"
    );
    lease("1").await.unwrap();
    to.json(&["state", "restore", "file", "--force"]);
}
