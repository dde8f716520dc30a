//! A dump that is not whole changes nothing.

use std::io::Cursor;

use store::dump::{self, DumpError};

use super::{SCHEMAS, content, fill, pack, restore, unpack};

/// A store with rows, its dump, and an empty store.
async fn stores() -> (testkit::TestDatabase, Vec<u8>, testkit::TestDatabase) {
    let (from, to) = (testkit::TestDatabase::sqlite(), testkit::TestDatabase::sqlite());
    let store = from.open(SCHEMAS).await;
    fill(&store).await;
    let dump = super::dump(&store).await;
    (from, dump, to)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_cut_is_noticed() {
    let (_from, dump, to) = stores().await;
    let to = to.open(SCHEMAS).await;
    let before = content(&to).await;
    for length in 0..dump.len() {
        let refused = dump::check(Cursor::new(&dump[..length])).unwrap_err();
        assert!(matches!(refused, DumpError::Damaged(_) | DumpError::Foreign), "{length}: {refused}");
    }
    for length in [0, 10, dump.len() / 2, dump.len() - 1] {
        assert!(restore(&to, &dump[..length]).await.is_err(), "{length}");
        assert_eq!(content(&to).await, before, "{length}");
    }
    let lines = unpack(&dump);
    for (end, _) in lines.match_indices('\n') {
        let whole = end + 1 == lines.len();
        assert_eq!(dump::check(Cursor::new(pack(&lines[..=end]))).is_ok(), whole, "cut after {end}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_altered_byte_is_noticed() {
    let (_from, dump, _to) = stores().await;
    let whole = dump::check(Cursor::new(&dump)).unwrap();
    for position in 0..dump.len() {
        let mut altered = dump.clone();
        altered[position] ^= 0x10;
        if let Ok(summary) = dump::check(Cursor::new(&altered)) {
            // Only a byte that means nothing to the decompressor may differ.
            assert_eq!((summary, unpack(&altered)), (whole.clone(), unpack(&dump)), "byte {position}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn altered_lines_are_noticed_and_undone() {
    let (_from, dump, to) = stores().await;
    let to = to.open(SCHEMAS).await;
    let before = content(&to).await;
    let lines = unpack(&dump);
    let header = lines.lines().next().unwrap();
    let altered = [
        lines.replace("[\"leaf\",\"root\"]\n", ""),
        lines.replace("[\"leaf\",\"root\"]", "[\"leaf\",\"toor\"]"),
        lines.replace("[\"leaf\",\"root\"]", "[\"leaf\"]"),
        lines.replace("[\"leaf\",\"root\"]", "[\"leaf\",true]"),
        lines.replace("[\"leaf\",\"root\"]", "leaf"),
        lines.replace("[\"leaf\",\"root\"]", header),
        lines.replace("{\"table\":{\"name\":\"seeded\"", "{\"table\":{\"name\":\"parent\""),
        lines.replace("{\"table\":{\"name\":\"seeded\"", "{\"table\":{\"name\":\"sqlite_master\""),
        lines.replace("\"version\"]", "\"version\\\" FROM x\"]"),
        format!("{lines}[1]\n"),
        format!("{header}\n[1]\n"),
    ];
    for altered in altered {
        assert_ne!(altered, lines);
        let refused = restore(&to, &pack(&altered)).await.unwrap_err();
        assert!(matches!(refused, DumpError::Damaged(_)), "{refused}");
        assert_eq!(content(&to).await, before, "{refused}");
    }
    assert!(restore(&to, &pack(&lines)).await.is_ok());
}
