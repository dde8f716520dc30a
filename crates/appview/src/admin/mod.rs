//! The admin API of lexicons, records, scripts, labelers and counts (spec/appview.md §3.13).

mod backfill;
mod dead_letters;
mod jobs;
mod labelers;
mod lexicons;
mod live;
mod network_lexicons;
mod problem;
mod queries;
mod records;
mod scripts;
mod stats;
mod storage;

use ::records::Records;
use identity::Resolver;
use server::{Caller, Extension, Problem};
use store::Store;

pub(crate) use self::backfill::Streams;
pub use self::backfill::{JobView as BackfillView, MissingView};
pub use self::dead_letters::DeadLetterView;
pub use self::jobs::{JobView, LogLineView as JobLogLineView};
use crate::checks::Checks;
use crate::labelling::Labelling;
use crate::network::LexiconResolver;
use crate::queries::Insight;
use crate::scripting::Scripting;
use crate::{Catalogue, History, Lexicons, PutOutcome};

/// What the handlers work with.
#[derive(Clone)]
pub(crate) struct Admin {
    pub(crate) catalogue: Catalogue,
    pub(crate) records: Records,
    pub(crate) store: Store,
    pub(crate) resolver: Resolver,
    pub(crate) publishers: LexiconResolver,
    pub(crate) history: History,
    pub(crate) streams: Streams,
    pub(crate) scripting: Scripting,
    pub(crate) labelling: Labelling,
    pub(crate) checks: Checks,
    pub(crate) insight: Insight,
}

/// Everything of ours below `/admin`, which the accounts own.
pub(crate) fn extension(admin: &Admin) -> Extension {
    Extension::new("/admin")
        .routes(admin, lexicons::routes())
        .routes(admin, network_lexicons::routes())
        .routes(admin, backfill::routes())
        .routes(admin, records::routes())
        .routes(admin, scripts::routes())
        .routes(admin, dead_letters::routes())
        .routes(admin, jobs::routes())
        .routes(admin, labelers::routes())
        .routes(admin, queries::routes())
        .routes(admin, [stats::route(), live::route(), storage::route()])
}

impl Admin {
    /// The table of lexicons, to be changed in the name of the caller.
    fn lexicons(&self, caller: &Caller) -> Lexicons {
        self.catalogue.lexicons().on_behalf_of(caller.principal.did())
    }

    /// Starts a job for the collection of a lexicon that was just stored, if its history is wanted; the job's id. It is the
    /// lexicon that asks, so whoever may store it needs no permission for backfills.
    async fn fetch_history(&self, put: &PutOutcome, caller: &Caller) -> Result<Option<String>, Problem> {
        if !put.history_wanted {
            return Ok(None);
        }
        self.history.fetch(&put.id, caller.principal.did()).await.map(Some).map_err(Problem::internal)
    }
}

/// Whom the log names as the author of a change: their DID, else their row. What is kept as a DID is one or nothing.
fn actor(caller: &Caller) -> &str {
    caller.principal.did().or_else(|| caller.principal.user_id()).unwrap_or("unknown")
}
