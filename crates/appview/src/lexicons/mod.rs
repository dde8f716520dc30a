//! The lexicons as they are stored: the operator's durable decisions about what this server does.

mod catalogue_version;
mod changes;
mod import;
mod network;
mod published;
mod put;
mod recorded;
mod remove;
mod stored;
mod sync;
mod upsert;
mod validation;

pub use import::ImportedLexicon;
pub use published::Published;
pub use put::{NewLexicon, PutOutcome};
pub use stored::{Action, Source, StoredLexicon};
pub use validation::Validation;

pub(crate) use catalogue_version::{MAX_BYTES, MAX_LEXICONS};
pub(crate) use sync::{Heard, SyncOutcome};

use atproto::Nsid;
use store::{Conn, Database, Store, v};

use crate::Error;
use recorded::Recorder;
use stored::COLUMNS;

/// The table of lexicons. Cheap to clone.
///
/// Used by the admin API and by the command line, which is another process: every change increments a number that
/// running servers watch, so that it takes effect everywhere.
#[derive(Clone, Debug)]
pub struct Lexicons {
    state: Database,
    recorder: Option<Recorder>,
}

impl Lexicons {
    /// The lexicons kept in `store`, which was opened with this crate's [`SCHEMAS`](crate::SCHEMAS).
    #[must_use]
    pub fn open(store: &Store) -> Self {
        Self { state: store.state.clone(), recorder: None }
    }

    /// All of them, by NSID.
    pub async fn list(&self) -> Result<Vec<StoredLexicon>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM appview_lexicons ORDER BY id");
        self.state.read(move |conn| conn.query(&sql, &[], StoredLexicon::from_row)).await
    }

    /// The one with this NSID.
    pub async fn get(&self, id: &str) -> Result<Option<StoredLexicon>, Error> {
        let Ok(id) = Nsid::parse(id) else { return Ok(None) };
        self.state.read(move |conn| find(conn, id.as_str())).await
    }
}

/// The row of one lexicon.
fn find(conn: &mut Conn<'_>, id: &str) -> Result<Option<StoredLexicon>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM appview_lexicons WHERE id = $1");
    conn.query_opt(&sql, &[v(id)], StoredLexicon::from_row)
}
