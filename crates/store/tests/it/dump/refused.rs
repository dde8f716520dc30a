//! What cannot be taken in, for another reason than damage.

use std::io::{Cursor, Read};

use store::dump::{self, DumpError, WithoutScripts};
use store::{Migration, Schema, Tier};
use testkit::TestDatabase;

use super::{SCHEMAS, fill, pack, restore, unpack};

#[test]
fn other_files_are_called_so() {
    for other in [b"".as_slice(), b"hello", b"SQLite format 3\0", &pack(""), &pack("{}\n"), &pack("hello\n")]
    {
        let refused = dump::check(Cursor::new(other)).unwrap_err();
        assert!(matches!(refused, DumpError::Foreign), "{refused}");
    }
}

#[test]
fn a_later_format_names_the_version_that_reads_it() {
    let later = pack("{\"backup\":{\"format\":3,\"program\":\"9.1.0\",\"shape\":\"other\"}}\n");
    let refused = dump::check(Cursor::new(later)).unwrap_err().to_string();
    assert!(refused.contains("version 9.1.0 in format 3"), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_without_end_is_not_held_in_memory() {
    let header =
        "{\"backup\":{\"format\":1,\"program\":\"0.1.0\",\"engine\":\"sqlite\",\"at\":0,\"applied\":[]}}\n";
    let endless = header.as_bytes().chain(std::io::repeat(b'[').take(300 << 20));
    let endless = zstd::encode_all(endless, 1).unwrap();
    assert!(endless.len() < 100_000);
    let refused = dump::check(Cursor::new(endless)).unwrap_err().to_string();
    assert!(refused.contains("a line is too long"), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_that_does_not_fit_undoes_everything() {
    for database in testkit::databases().await {
        let (from, to) = (TestDatabase::sqlite().open(SCHEMAS).await, database.open(SCHEMAS).await);
        fill(&from).await;
        let lines = unpack(&super::dump(&from).await);
        let before = super::content(&to).await;
        // Somebody wrote the sum anew.
        for (row, wrong) in [
            ("[3,\"leaf\"]", "[3,\"nobody\"]"),
            ("[3,\"leaf\"]", "[\"three\",\"leaf\"]"),
            ("[3,\"leaf\"]", "[41,\"leaf\"]"),
        ] {
            let forged = resummed(&lines.replace(row, wrong));
            dump::check(Cursor::new(&forged)).unwrap();
            let refused = restore(&to, &forged).await.unwrap_err();
            assert!(matches!(refused, DumpError::Row { .. } | DumpError::Database(_)), "{refused}");
            assert_eq!(super::content(&to).await, before);
        }
    }
}

fn resummed(lines: &str) -> Vec<u8> {
    let (body, end) = lines.trim_end().rsplit_once('\n').unwrap();
    let body = format!("{body}\n");
    let (start, sum) = end.split_once("\"sha256\":\"").unwrap();
    let new = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, body.as_bytes());
    let new = data_encoding::HEXLOWER.encode(new.as_ref());
    assert_eq!(new.len(), sum.len() - 3);
    pack(&format!("{body}{start}\"sha256\":\"{new}\"}}}}\n"))
}

static JSONB: Schema = Schema {
    name: "jsonb",
    tier: Tier::State,
    tables: &["docs"],
    migrations: &[Migration {
        id: 1,
        name: "docs",
        sqlite: "CREATE TABLE docs (doc ANY) STRICT",
        postgres: "CREATE TABLE docs (doc JSONB)",
    }],
};

#[tokio::test(flavor = "multi_thread")]
async fn a_type_that_only_one_engine_has_is_found_when_the_dump_is_made() {
    for database in testkit::databases().await {
        let store = database.open(&[&JSONB]).await;
        let refused =
            dump::write(&store.state, "0.1.0", 0, Vec::new(), WithoutScripts, |_| {}).await.unwrap_err();
        assert!(matches!(&refused, DumpError::NotPortable { column, .. } if column == "doc"), "{refused}");
    }
}
