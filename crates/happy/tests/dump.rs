//! Dumps, whatever is in them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::Write;

use happy::{Error, Source, Table};
use proptest::prelude::*;

fn dump(text: &[u8]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text).unwrap();
    file
}

/// Rows that can be read, and those that cannot.
async fn read(source: &Source, table: Table) -> (Vec<String>, usize) {
    let (mut good, mut bad) = (Vec::new(), 0);
    let mut rows = source.rows(table).await.unwrap();
    loop {
        let page = rows.next_page().await.unwrap();
        if page.is_empty() {
            return (good, bad);
        }
        for row in page {
            match row {
                Ok(row) => good.push(row.get().to_owned()),
                Err(_) => bad += 1,
            }
        }
    }
}

#[tokio::test]
async fn is_read_by_table_in_any_order() {
    let mut text = r#"{"table":"Session","row":{"id":"s"}}
{"table":"Account","row":{"id":"a"}}
{"table":"_prisma_migrations","row":{"id":"x"}}
{"table":"Account","row":[1]}
{"table":"Account","row":{"id":
nonsense
"#
    .to_owned();
    let message = |number| format!("{{\"table\":\"SessionMessage\",\"row\":{{\"seq\":{number}}}}}\n");
    text.extend((0..1200).map(message));
    let file = dump(text.as_bytes());
    let source = Source::open(file.path().to_str().unwrap()).await.unwrap();
    assert_eq!((source.count(Table::Account).await.unwrap(), source.strange_lines()), (3, 1));
    assert_eq!(read(&source, Table::Account).await, (vec![r#"{"id":"a"}"#.to_owned()], 2));
    assert_eq!(read(&source, Table::Session).await.0, [r#"{"id":"s"}"#]);
    assert_eq!(read(&source, Table::SessionMessage).await.0.len(), 1200);
    assert_eq!(read(&source, Table::Machine).await, (vec![], 0));
}

#[tokio::test]
async fn what_is_none_is_refused() {
    for text in ["", "-- PostgreSQL database dump\n", "{\"table\":\"Machine\",\"row\":{}}\n"] {
        let file = dump(text.as_bytes());
        let refused = Source::open(file.path().to_str().unwrap()).await;
        assert!(matches!(refused, Err(Error::Foreign(_))), "{text}");
    }
    for place in ["/nonexistent", "mysql://me:hush@h/d", "/"] {
        let refused = Source::open(place).await.unwrap_err().to_string();
        assert!(refused.contains("cannot open") && !refused.contains("hush"), "{refused}");
    }
}

proptest! {
    #[test]
    fn nothing_stops_it(noise in prop::collection::vec(any::<u8>(), 0..300), cut in 0..60_usize) {
        let mut text = b"{\"table\":\"Account\",\"row\":{\"id\":\"a\"}}\n".to_vec();
        text.extend(&noise);
        text.push(b'\n');
        text.extend(&br#"{"table":"Account","row":{"id":"b","text":"\u00e4\\x"}}"#[..cut.min(54)]);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let file = dump(&text);
            let source = Source::open(file.path().to_str().unwrap()).await.unwrap();
            let (good, bad) = read(&source, Table::Account).await;
            assert_eq!((good.len() + bad) as u64, source.count(Table::Account).await.unwrap());
        });
    }
}
