//! What labelers say of accounts and records: heard, checked, stored and handed out.
//!
//! A labeler is an account whose service publishes judgements ("spam", "!hide") about others' records. The operator
//! chooses whom to listen to ([`Labelers`]); [`Subscriptions`] follows their streams; [`Labels`] answers what is said of
//! something.
//!
//! - Labels and the cursor that covers them are written in one transaction, so a crash at any moment loses nothing and
//!   repeats nothing. Of two labels with the same source, subject and value the one that was said later counts, in
//!   whichever order they arrive.
//! - A labeler speaks in its own name only, and if its DID document has a key for labels it must have signed them.
//! - [`LabelHook`]s decide what is stored before it is stored.
//! - A labeler that is paused or removed is silent at once, whichever instance follows it.
//! - [`Fetch`] asks for the labels of records that are new here, off the path on which they came.
//!
//! The stream's messages and signatures are in [`atproto::label`].

mod accept;
mod admit;
mod collect;
mod commit;
mod endpoint;
mod error;
mod fetch;
mod hook;
mod import;
mod labelers;
mod labels;
mod parts;
mod redecide;
mod schema;
mod self_labels;
mod source;
mod subscriptions;
mod telemetry;
mod timestamp;
mod trust;
mod write;

pub use accept::{AcceptLabelers, Accepted};
pub use admit::{Rejection, check};
pub use atproto::label::Label;
pub use collect::maintain;
pub use error::Error;
pub use fetch::{Fetch, Fetcher};
pub use hook::{LabelDecision, LabelHook};
pub use import::ImportedLabeler;
pub use labelers::{Labeler, LabelerStatus, Labelers};
pub use labels::Labels;
pub use parts::{LabelsConfig, LabelsParts};
pub use schema::SCHEMAS;
pub use self_labels::self_labels;
pub use subscriptions::{Subscriptions, lease_of};
