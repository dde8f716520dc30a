//! What can be opened, and what cannot.

use happyview::{Error, Source};
use testkit::HappyviewLayout::Old;
use testkit::{Happyview, TestDatabase};

use crate::rig::{each, good, open};

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_not_changed_by_being_read() {
    let fixture = Happyview::create(TestDatabase::sqlite(), Old).await;
    let file = fixture.file().unwrap();
    let before = std::fs::read(&file).unwrap();
    for name in [fixture.url(), file.display().to_string()] {
        let source = Source::open(&name, None).await.unwrap();
        assert_eq!(good(source.users()).await.len(), 1);
    }
    assert_eq!(std::fs::read(&file).unwrap(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_server_writes_meanwhile_is_not_held_up() {
    each(Old, async |fixture| {
        let source = open(&fixture).await;
        assert_eq!(good(source.users()).await.len(), 1);
        fixture.execute("INSERT INTO users (id, did) VALUES ('x', 'did:web:x.example.com')").await;
        assert_eq!(good(source.users()).await.len(), 1, "it is of the moment when it was opened");
        assert_eq!(good(open(&fixture).await.users()).await.len(), 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_database_of_happyview_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).display().to_string();
    let error = Source::open(&path("missing.db"), None).await.unwrap_err();
    assert!(matches!(error, Error::Missing(_)), "{error}");
    assert!(!dir.path().join("missing.db").exists(), "nothing is made");
    let error = Source::open(&dir.path().display().to_string(), None).await.unwrap_err();
    assert!(matches!(error, Error::Folder(_)), "{error}");
    std::fs::write(path("text.db"), "this is a text and no database at all").unwrap();
    let error = Source::open(&path("text.db"), None).await.unwrap_err();
    assert!(matches!(error, Error::Open { .. }), "{error}");
    rusqlite::Connection::open(path("other.db"))
        .unwrap()
        .execute_batch("CREATE TABLE lexicons (id TEXT)")
        .unwrap();
    let error = Source::open(&path("other.db"), None).await.unwrap_err();
    assert!(matches!(error, Error::Foreign(_)), "{error}");
    let error = Source::open("postgres://nobody:hush@127.0.0.1:1/nothing", None).await.unwrap_err();
    assert!(matches!(error, Error::Open { .. }) && !error.to_string().contains("hush"), "{error}");
}
