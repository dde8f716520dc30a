//! The database of a HappyView server, read and never written (spec/appview.md §2).
//!
//! Its layout has changed with every version: tables got a prefix, scripts moved from columns into a table of their own, and
//! PostgreSQL keeps in arrays, booleans and timestamps what SQLite keeps in text. So nothing is assumed: [`Source`] looks
//! which tables and columns there are, asks for those it knows, and reads whatever type they have. What is not there is
//! absent; a row that makes no sense is an [`Unreadable`] of its own and holds up no other.
//!
//! All that is read is of one moment, also while a server works on the database.

mod cell;
mod closed;
mod contents;
mod encryption_key;
mod engine;
mod error;
mod items;
mod layout;
mod location;
mod moment;
mod plan;
mod read;
mod row;
mod source;

pub use closed::{Closed, Plaintext};
pub use encryption_key::{BadKey, EncryptionKey};
pub use error::Error;
pub use items::{
    ApiClient, ApiKey, DeadLetter, Delegate, DelegatedAccount, Domain, Labeler, Lexicon, LexiconScripts,
    LocalRecord, Script, ScriptVariable, ServiceEntry, ServiceIdentity, Setting, User, VerificationMethod,
};
pub use read::{Items, Unreadable};
pub use source::Source;
