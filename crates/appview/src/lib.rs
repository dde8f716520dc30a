//! Lexicons in, a live XRPC view of the network out (spec/appview.md).
//!
//! - [`Lexicons`] is the durable table of lexicons, changed by the admin API and by the command line.
//! - [`Catalogue`] is the same in memory: what requests ask, and what tells the record index which collections to index.
//! - [`Appview`] puts both to work: every query lexicon is an endpoint below `/xrpc`, the operator's API is below
//!   `/admin`, and network lexicons follow what their publishers do.
//!
//! A query costs one read of the index. Stored records go out as they are stored; they are not parsed again.

mod admin;
mod app;
mod catalogue;
mod checks;
mod error;
mod history;
mod labelling;
mod lexicons;
mod network;
mod paging;
mod prices;
mod proxy;
mod public;
mod queries;
mod relay;
mod schema;
mod scripting;
mod subject;
mod telemetry;
mod timestamp;
mod unresolved;
mod xrpc;

pub use admin::{BackfillView, DeadLetterView, JobLogLineView, JobView, MissingView};
pub use app::{Appview, AppviewParts};
pub use catalogue::Catalogue;
pub use error::Error;
pub use history::History;
pub use lexicons::{
    Action, ImportedLexicon, Lexicons, NewLexicon, Published, PutOutcome, Source, StoredLexicon, Validation,
};
pub use network::{LexiconResolver, References};
pub use public::PublicConfig;
pub use queries::{ExplainedView, IndexView, Insight, ParameterView, QueryView, SlowView};
pub use schema::schemas;
pub use scripting::{
    Attempt, Report, Retries, RetryError, TrialError, Trials, offline_engine, scripts_database,
};
pub use xrpc::Queries;
