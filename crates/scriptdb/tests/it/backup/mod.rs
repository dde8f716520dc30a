//! What scripts keep goes into a backup and comes out of it, on whichever engine, or nothing happens.

mod altered;
mod refused;
mod round_trip;

use std::io::Cursor;

use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::HEXLOWER;
use scriptdb::{Export, Import, Param, ScriptDb, ScriptDbConfig};
use store::dump::{self, DumpError, Existing, Summary};
use store::{Schema, Store};
use testkit::TestDatabase;

use crate::rig::{INDEX, Rig, STATE, VIEWS};

const SCHEMAS: &[&Schema] = &[&INDEX, &STATE];

/// A place for a backup, with nothing in it.
struct Place {
    store: Store,
    database: TestDatabase,
}

impl Place {
    async fn new(database: TestDatabase) -> Self {
        Self { store: database.open(SCHEMAS).await, database }
    }

    fn config(&self) -> ScriptDbConfig {
        ScriptDbConfig::new(self.database.config().location, &VIEWS)
    }

    async fn restore(&self, dump: &[u8], existing: Existing) -> Result<Summary, DumpError> {
        let needed = dump::check(Cursor::new(dump)).map_or(true, |summary| summary.script_tables() > 0);
        let import = Import::open(self.config(), needed).await.unwrap();
        dump::restore(&self.store.state, SCHEMAS, Cursor::new(dump.to_vec()), existing, import).await
    }

    /// What the server does when it starts.
    async fn open(&self) -> ScriptDb {
        ScriptDb::open(self.config()).await.unwrap_or_else(|error| panic!("{error}"))
    }
}

/// The backup of a rig.
async fn backup(rig: &Rig) -> (Summary, Vec<u8>) {
    let export = Export::new(ScriptDbConfig::new(rig.database.config().location, &VIEWS));
    dump::write(&rig.store.state, "0.1.0", 0, Vec::new(), export, |_| {}).await.unwrap()
}

/// The answer, as text.
async fn ask(db: &ScriptDb, sql: &str) -> String {
    let rows = db.raw(sql, &[]).await;
    rows.unwrap_or_else(|error| panic!("{sql} on {}: {error}", db.backend())).into_string()
}

async fn put(rig: &Rig, statements: &[&str]) {
    for sql in statements {
        rig.ask(sql, &[] as &[Param]).await;
    }
}

fn unpack(dump: &[u8]) -> String {
    String::from_utf8(zstd::decode_all(dump).unwrap()).unwrap()
}

/// The lines with the sum written anew, as whoever alters a backup can.
fn forged(lines: &str) -> Vec<u8> {
    let (body, end) = lines.trim_end().rsplit_once('\n').unwrap();
    let body = format!("{body}\n");
    let mut end: serde_json::Value = serde_json::from_str(end).unwrap();
    end["end"]["sha256"] = HEXLOWER.encode(digest(&SHA256, body.as_bytes()).as_ref()).into();
    zstd::encode_all(format!("{body}{end}\n").as_bytes(), 1).unwrap()
}
