//! What changed since a version: how every process follows the table.

use std::collections::HashSet;

use store::v;

use super::{Lexicons, StoredLexicon, catalogue_version, stored::COLUMNS};
use crate::Error;
use crate::catalogue::LoadedLexicon;

/// The difference between a version and the present.
pub(crate) struct Changes {
    /// The version this leads to. What was committed while it was being read may be contained already and will be
    /// reported again.
    pub(crate) version: i64,
    /// Every lexicon there is; others are gone.
    pub(crate) present: HashSet<String>,
    /// Those that were added or replaced, parsed.
    pub(crate) changed: Vec<LoadedLexicon>,
}

impl Lexicons {
    /// Changes after `version`; `None` if there are none. 0 is the version of an empty table.
    pub(crate) async fn changes(&self, version: i64) -> Result<Option<Changes>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM appview_lexicons WHERE version > $1");
        self.state
            .read(move |conn| {
                let current = catalogue_version::current(conn)?;
                if current == version {
                    return Ok(None);
                }
                // Parsed here, on the database's thread: documents may be large.
                let changed = conn.query(&sql, &[v(version)], |row| {
                    Ok::<_, Error>(LoadedLexicon::from_stored(&StoredLexicon::from_row(row)?))
                })?;
                let present = conn.query("SELECT id FROM appview_lexicons", &[], |row| row.string(0))?;
                let changed = changed.into_iter().flatten().collect();
                Ok(Some(Changes { version: current, present: present.into_iter().collect(), changed }))
            })
            .await
    }
}
