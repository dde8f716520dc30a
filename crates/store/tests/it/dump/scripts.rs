//! The section of scripts: it comes after the state, is whole or not there, and goes only where the state goes.

use std::io::Cursor;
use std::sync::{Arc, Mutex};

use proptest::prelude::*;
use store::dump::{
    self, Cell, DumpError, Existing, ScriptSource, ScriptTable, ScriptTarget, Summary, WithoutScripts,
};
use store::{Conn, Store, Value};
use testkit::TestDatabase;

use super::{SCHEMAS, content, fill, pack, unpack};

/// One end of a section, which writes down what happens to it.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<String>>>);

impl Kept {
    fn note(&self, what: impl Into<String>) {
        self.0.lock().unwrap().push(what.into());
    }

    fn notes(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

fn votes() -> ScriptTable {
    let columns = ["subject", "n"].map(str::to_owned).to_vec();
    ScriptTable { name: "votes".into(), create: Some("CREATE TABLE votes (subject, n)".into()), columns }
}

impl ScriptSource for Kept {
    fn begin(&mut self, state: &mut Conn<'_>) -> Result<(Vec<ScriptTable>, u64), DumpError> {
        let version = state.query_one("SELECT version FROM seeded", &[], |row| row.int(0))?;
        self.note(format!("begin {version}"));
        Ok((vec![votes()], 2))
    }

    fn rows(
        &mut self,
        _: &mut Conn<'_>,
        table: &ScriptTable,
        write: &mut dyn FnMut(&[Value<'_>]) -> Result<(), DumpError>,
    ) -> Result<(), DumpError> {
        assert_eq!(*table, votes());
        write(&[Value::Text("a"), Value::Int(7)])?;
        write(&[Value::Blob(b"\x00"), Value::Null])
    }
}

impl ScriptTarget for Kept {
    fn begin(&mut self, _: &mut Conn<'_>, existing: Existing) -> Result<(), DumpError> {
        self.note(format!("begin {existing:?}"));
        Ok(())
    }

    fn table(&mut self, _: &mut Conn<'_>, table: ScriptTable) -> Result<(), DumpError> {
        self.note(format!("table {}: {}", table.name, table.create.unwrap_or_default()));
        Ok(())
    }

    fn row(&mut self, _: &mut Conn<'_>, row: Vec<Cell>) -> Result<(), DumpError> {
        self.note(format!("{row:?}"));
        Ok(())
    }

    fn end(&mut self, _: &mut Conn<'_>) -> Result<(), DumpError> {
        self.note("end");
        Ok(())
    }

    fn commit(&mut self) -> Result<(), DumpError> {
        self.note("commit");
        Ok(())
    }
}

async fn dumped(store: &Store) -> (Summary, Vec<u8>) {
    fill(store).await;
    let kept = Kept::default();
    let dump = dump::write(&store.state, "0.1.0", 0, Vec::new(), kept.clone(), |_| {}).await.unwrap();
    assert_eq!(kept.notes(), ["begin 7"]);
    dump
}

async fn taken_in(store: &Store, dump: Vec<u8>) -> (Result<Summary, DumpError>, Vec<String>) {
    let kept = Kept::default();
    let taken =
        dump::restore(&store.state, SCHEMAS, Cursor::new(dump), Existing::Replace, kept.clone()).await;
    (taken, kept.notes())
}

#[tokio::test(flavor = "multi_thread")]
async fn it_arrives_after_the_state_and_is_counted() {
    for (from, to) in testkit::databases().await.into_iter().zip(testkit::databases().await) {
        let (from, to) = (from.open(SCHEMAS).await, to.open(SCHEMAS).await);
        let (summary, dump) = dumped(&from).await;
        assert_eq!((summary.header.format, summary.script_tables(), summary.rows()), (2, 1, 12));
        assert_eq!(summary.tables["scripts.votes"], 2);
        assert_eq!(dump::check(Cursor::new(&dump)).unwrap(), summary);
        let (taken, notes) = taken_in(&to, dump.clone()).await;
        assert_eq!(taken.unwrap(), summary);
        assert_eq!(
            notes,
            [
                "begin Replace",
                "table votes: CREATE TABLE votes (subject, n)",
                "[Text(\"a\"), Int(7)]",
                "[Blob([0]), Null]",
                "end",
                "commit"
            ]
        );
        assert_eq!(content(&to).await, content(&from).await);
        // It can be left out.
        let (state, from) = (&to.state, Cursor::new(dump));
        let mut taken = dump::restore(state, SCHEMAS, from, Existing::Replace, WithoutScripts).await.unwrap();
        assert_eq!((taken.leave_out_scripts(), taken.rows()), (1, 10));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_cut_and_every_altered_byte_is_noticed() {
    let database = TestDatabase::sqlite();
    let (whole, dump) = dumped(&database.open(SCHEMAS).await).await;
    for length in 0..dump.len() {
        assert!(dump::check(Cursor::new(&dump[..length])).is_err(), "{length}");
        let mut altered = dump.clone();
        altered[length] ^= 0x10;
        if let Ok(summary) = dump::check(Cursor::new(&altered)) {
            assert_eq!((summary, unpack(&altered)), (whole.clone(), unpack(&dump)), "byte {length}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_altered_is_never_kept() {
    let (from, to) = (TestDatabase::sqlite(), TestDatabase::sqlite());
    let (_, dump) = dumped(&from.open(SCHEMAS).await).await;
    let (to, lines) = (to.open(SCHEMAS).await, unpack(&dump));
    let before = content(&to).await;
    let mark = lines.lines().find(|line| line.starts_with("{\"script_table\"")).unwrap();
    for altered in [
        lines.replace("[\"a\",7]", "[\"a\",8]"),
        lines.replace("[\"a\",7]\n", ""),
        lines.replace("[\"a\",7]", "[\"a\"]"),
        lines.replace("[\"a\",7]", mark),
        lines.replace("[\"a\",7]", "{\"table\":{\"name\":\"late\",\"columns\":[\"a\"]}}"),
        lines.replace("CREATE TABLE votes", "CREATE TABLE other"),
        lines.replace("\"format\":2", "\"format\":1"),
        lines.replace("\"script_table\":{\"name\":\"votes\"", "\"script_table\":{\"name\":7"),
    ] {
        assert_ne!(altered, lines);
        let (taken, notes) = taken_in(&to, pack(&altered)).await;
        assert!(matches!(taken, Err(DumpError::Damaged(_))), "{taken:?}");
        assert!(!notes.contains(&"commit".to_owned()), "{notes:?}");
        assert_eq!(content(&to).await, before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_without_end_are_not_counted() {
    let header =
        "{\"backup\":{\"format\":2,\"program\":\"0.1.0\",\"engine\":\"sqlite\",\"at\":0,\"applied\":[]}}\n";
    let table =
        |number| format!("{{\"script_table\":{{\"name\":\"{number}\",\"create\":null,\"columns\":[]}}}}\n");
    let tables: String = (0..=200_000).map(table).collect();
    let refused = dump::check(Cursor::new(pack(&format!("{header}{tables}")))).unwrap_err().to_string();
    assert!(refused.contains("tables of scripts"), "{refused}");
}

/// Lines that are nearly right.
fn line() -> impl Strategy<Value = String> {
    let name = prop::sample::select(&["a", "b", "scripts.a", ""][..]);
    prop_oneof![
        (name.clone(), prop::sample::select(&["table", "script_table", "end", "backup"][..])).prop_map(
            |(name, kind)| format!(
                "{{\"{kind}\":{{\"name\":\"{name}\",\"create\":null,\"columns\":[\"x\"]}}}}"
            )
        ),
        name.prop_map(|name| format!(
            "{{\"script_table\":{{\"name\":\"{name}\",\"columns\":[\"x\",\"y\"]}}}}"
        )),
        "\\[[0-9\", nul]{0,12}\\]",
        "[ -~]{0,30}",
    ]
}

proptest! {
    /// No lines make a reader panic, and none without a right sum are taken for a dump.
    #[test]
    fn nothing_else_is_taken_for_a_dump(lines in prop::collection::vec(line(), 0..12), format in 0_u32..4) {
        let header = format!(
            "{{\"backup\":{{\"format\":{format},\"program\":\"0\",\"engine\":\"sqlite\",\"at\":0,\"applied\":[]}}}}\n"
        );
        prop_assert!(dump::check(Cursor::new(pack(&(header + &lines.join("\n"))))).is_err());
    }

    #[test]
    fn no_bytes_are_taken_for_a_dump(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(dump::check(Cursor::new(&bytes)).is_err());
    }
}
