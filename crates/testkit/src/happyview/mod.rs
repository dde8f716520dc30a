//! The database of a HappyView server, of the layouts that it has had (spec/appview.md §2, §10.2).

mod sealed;

use std::path::PathBuf;

use aws_lc_rs::digest;
use data_encoding::{BASE64, HEXLOWER};
use store::Engine;
use tokio_postgres::NoTls;

use crate::TestDatabase;

/// A layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HappyviewLayout {
    /// Before 2.9: scripts are columns of lexicons.
    Old,
    /// 2.10 and later: tables have a prefix.
    New,
}

/// A HappyView database with one of everything in it, gone when dropped.
pub struct Happyview {
    database: TestDatabase,
}

impl Happyview {
    /// What [`Self::TOKEN_ENCRYPTION_KEY`] is made of.
    const KEY: [u8; 32] = [7; 32];

    /// A key of the user `did:plc:ewvi7nxzyoun6zhxrhs64oiz`, who may read statistics and manage settings.
    pub const API_KEY: &str = "hv_0123456789abcdef0123456789abcdef";

    /// A key of hers that was revoked.
    pub const REVOKED_KEY: &str = "hv_fedcba9876543210fedcba9876543210";

    /// A confidential client.
    pub const CLIENT_KEY: &str = "hvc_11111111111111111111111111111111";

    /// Its secret.
    pub const CLIENT_SECRET: &str = "hvs_2222222222222222222222222222222222222222222222222222222222222222";

    /// The scalars of the signing key, the rotation key and a verification method.
    pub const SCALARS: [[u8; 32]; 3] = [[11; 32], [12; 32], [13; 32]];

    /// A database beside `database`, which is empty and says on which engine; it has what the layout has.
    pub async fn create(database: TestDatabase, layout: HappyviewLayout) -> Self {
        let created = Self { database };
        let sql = match layout {
            HappyviewLayout::Old => include_str!("old.sql"),
            HappyviewLayout::New => include_str!("new.sql"),
        };
        created.execute(sql).await;
        created
    }

    /// What its secrets are encrypted under, in base64.
    #[must_use]
    pub fn token_encryption_key() -> String {
        BASE64.encode(&Self::KEY)
    }

    /// What to import it by.
    #[must_use]
    pub fn url(&self) -> String {
        match self.file() {
            Some(file) => format!("sqlite://{}?mode=rwc", file.display()),
            None => self.database.url(),
        }
    }

    /// The file, on SQLite.
    #[must_use]
    pub fn file(&self) -> Option<PathBuf> {
        self.database.dir().map(|dir| dir.join("happyview.db"))
    }

    /// The engine.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.database.engine()
    }

    /// Runs statements in the words of both engines: `{time}`, `{json}`, `{bytes}`, `{list}`, `{flag}` and `{serial}` are types,
    /// `{sealed:TEXT}` is a text encrypted, `{sealed-bytes:TEXT}` the same as bytes, `{sealed-key:N}` one of the keys,
    /// `{sealed-key-bytes:N}` and `{public-key:N}` are what their names say, `{sha256:TEXT}` is a hash in hex, `{list:a,b}` a
    /// list of text.
    pub async fn execute(&self, sql: &str) {
        let sql = self.in_words_of_the_engine(sql);
        if let Some(file) = self.file() {
            let conn = rusqlite::Connection::open(&file).unwrap_or_else(|error| panic!("{error}"));
            conn.execute_batch(&format!("PRAGMA journal_mode = WAL; {sql}"))
                .unwrap_or_else(|error| panic!("{error}: {sql}"));
            return;
        }
        let url = self.database.url();
        let connected = tokio_postgres::connect(&url, NoTls).await;
        let (client, connection) = connected.unwrap_or_else(|error| panic!("{url}: {error}"));
        let connection = tokio::spawn(connection);
        client.batch_execute(&sql).await.unwrap_or_else(|error| panic!("{error:?}: {sql}"));
        drop(client);
        _ = connection.await;
    }

    fn in_words_of_the_engine(&self, sql: &str) -> String {
        let mut out = String::new();
        let mut rest = sql;
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            // A brace of JSON or Lua is followed by a quote or a space.
            let Some((word, after)) = after.split_once('}').filter(|(word, _)| is_word(word)) else {
                out.push('{');
                rest = after;
                continue;
            };
            out.push_str(&self.word(word));
            rest = after;
        }
        out + rest
    }

    fn word(&self, word: &str) -> String {
        let is_sqlite = self.engine() == Engine::Sqlite;
        let hex = |bytes: &[u8]| {
            let digits = HEXLOWER.encode(bytes);
            if is_sqlite { format!("X'{digits}'") } else { format!("'\\x{digits}'::bytea") }
        };
        let scalar = |number: &str| Self::SCALARS[number.parse::<usize>().unwrap_or_default()];
        let (name, argument) = word.split_once(':').unwrap_or((word, ""));
        match (name, is_sqlite) {
            ("time" | "json" | "list", true) if argument.is_empty() => "TEXT".to_owned(),
            ("bytes", true) => "BLOB".to_owned(),
            ("flag", true) => "INTEGER".to_owned(),
            ("serial", true) => "INTEGER PRIMARY KEY AUTOINCREMENT".to_owned(),
            ("time", false) => "TIMESTAMPTZ".to_owned(),
            ("json", false) => "JSONB".to_owned(),
            ("list", false) if argument.is_empty() => "TEXT[]".to_owned(),
            ("bytes", false) => "BYTEA".to_owned(),
            ("flag", false) => "BOOLEAN".to_owned(),
            ("serial", false) => "BIGSERIAL PRIMARY KEY".to_owned(),
            ("list", true) => format!("'{}'", serde_json::json!(argument.split(',').collect::<Vec<_>>())),
            ("list", false) => format!("'{{{argument}}}'"),
            ("sealed", _) => BASE64.encode(&sealed::seal(&Self::KEY, argument.as_bytes())),
            ("sealed-bytes", _) => hex(&sealed::seal(&Self::KEY, argument.as_bytes())),
            ("sealed-key", _) => BASE64.encode(&sealed::seal(&Self::KEY, &scalar(argument))),
            ("sealed-key-bytes", _) => {
                // As HappyView does: bytes that are text.
                hex(BASE64.encode(&sealed::seal(&Self::KEY, &scalar(argument))).as_bytes())
            }
            ("public-key", _) => sealed::public_key(&scalar(argument)),
            ("sha256", _) => HEXLOWER.encode(digest::digest(&digest::SHA256, argument.as_bytes()).as_ref()),
            _ => panic!("no word {word}"),
        }
    }
}

fn is_word(text: &str) -> bool {
    let name = text.split(':').next().unwrap_or_default();
    !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}
