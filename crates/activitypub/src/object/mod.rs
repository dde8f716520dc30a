//! What servers tell each other: activities, actors, notes, collections (spec/social.md §4.3–4.9).
//!
//! Servers agree about the meaning of these documents and not about their shape: one value or a list of them, a name or a whole
//! object, prefixes or none. [`Document::parse`] reads bytes within bounds, [`Node`] asks for properties whichever way they are
//! written, and [`Activity`], [`Actor`], [`Note`] and [`Collection`] are what is made of them. Contexts are never fetched and never
//! expanded: short names mean what they mean everywhere, and a document that says otherwise is refused.

mod activity;
mod actor;
mod attachment;
mod audience;
mod collection;
mod context;
mod document;
mod error;
mod json;
mod keys;
mod kind;
mod node;
mod note;
mod reference;
mod tag;
mod timestamp;
mod tombstone;

pub use activity::Activity;
pub use actor::Actor;
pub use attachment::Attachment;
pub use audience::{Audience, Visibility, is_public};
pub use collection::Collection;
pub use document::Document;
pub use error::ObjectError;
pub use keys::ActorKey;
pub use kind::{ActivityType, ActorType, NoteType};
pub use node::Node;
pub use note::Note;
pub use reference::Reference;
pub use tag::Tag;
pub use timestamp::timestamp;
pub use tombstone::Tombstone;

/// The namespace of the vocabulary.
pub const NAMESPACE: &str = "https://www.w3.org/ns/activitystreams#";
