//! A script as it is stored.

use store::{Conn, Row, v};

use crate::Error;

pub(crate) const COLUMNS: &str =
    "id, script_type, body, description, outbound, revision, created_at, updated_at, file";

/// A script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// Its trigger.
    pub id: String,
    /// The language: `lua`.
    pub script_type: String,
    /// The source.
    pub body: String,
    /// What it is for.
    pub description: Option<String>,
    /// NSIDs of methods that it calls, as far as they are literal.
    pub outbound_xrpcs: Vec<String>,
    /// 1 when it is new, one more with each replacement.
    pub revision: i64,
    /// Microseconds.
    pub created_at: i64,
    /// Microseconds.
    pub updated_at: i64,
    /// The name of the file it comes from, in the folder that a server watches. Such a script is changed by changing the file.
    pub file: Option<String>,
}

/// A script as an operator gives it, unchecked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewScript {
    /// Its trigger.
    pub id: String,
    /// The language.
    pub script_type: String,
    /// The source.
    pub body: String,
    /// What it is for.
    pub description: Option<String>,
}

impl Script {
    pub(crate) fn from_row(row: &Row<'_>) -> Result<Self, store::Error> {
        // Written by us: what cannot be read is nothing that a person put there.
        let outbound_xrpcs = serde_json::from_str(row.text(4)?).unwrap_or_default();
        Ok(Self {
            id: row.string(0)?,
            script_type: row.string(1)?,
            body: row.string(2)?,
            description: row.opt_text(3)?.map(str::to_owned),
            outbound_xrpcs,
            revision: row.int(5)?,
            created_at: row.int(6)?,
            updated_at: row.int(7)?,
            file: row.opt_text(8)?.map(str::to_owned),
        })
    }

    pub(crate) fn find(conn: &mut Conn<'_>, id: &str) -> Result<Option<Self>, store::Error> {
        let sql = format!("SELECT {COLUMNS} FROM appview_scripts WHERE id = $1");
        conn.query_opt(&sql, &[v(id)], Self::from_row)
    }

    /// Fails if a file decides about it.
    pub(crate) fn must_be_by_hand(&self) -> Result<(), Error> {
        match &self.file {
            Some(file) => Err(Error::FromFile { id: self.id.clone(), file: file.clone() }),
            None => Ok(()),
        }
    }

    /// Whether storing `other` in its place would change nothing.
    pub(crate) fn says_the_same(&self, other: &Self) -> bool {
        (&self.body, &self.description, &self.file) == (&other.body, &other.description, &other.file)
    }

    /// Inserts or replaces the row of its trigger.
    pub(crate) fn put(&self, conn: &mut Conn<'_>, version: i64) -> Result<Self, Error> {
        let sql = format!(
            "INSERT INTO appview_scripts
                 (id, script_type, body, description, outbound, revision, created_at, updated_at, version, file)
             VALUES ($1, $2, $3, $4, $5, 1, $6, $6, $7, $8)
             ON CONFLICT (id) DO UPDATE SET
                 script_type = excluded.script_type, body = excluded.body, description = excluded.description,
                 outbound = excluded.outbound, revision = appview_scripts.revision + 1,
                 updated_at = excluded.updated_at, version = excluded.version, file = excluded.file
             RETURNING {COLUMNS}"
        );
        let outbound = serde_json::Value::from(self.outbound_xrpcs.clone()).to_string();
        let row = [
            v(&self.id),
            v(&self.script_type),
            v(&self.body),
            v(self.description.as_deref()),
            v(&outbound),
            v(self.updated_at),
            v(version),
            v(self.file.as_deref()),
        ];
        Ok(conn.query_one(&sql, &row, Self::from_row)?)
    }
}
