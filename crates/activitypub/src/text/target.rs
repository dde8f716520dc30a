//! What a word of a text leads to.

use serde_json::{Value, json};

use crate::webfinger::Handle;

/// A mention or a hashtag that leads somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target<'t> {
    /// Somebody.
    Mention {
        /// As it is written in the text: a name of this server, or a whole handle.
        user: &'t str,
        /// The server, if the text names one.
        host: Option<&'t str>,
        /// What to call them for others.
        handle: Handle,
        /// The actor.
        actor: &'t str,
        /// The page about them.
        url: &'t str,
    },
    /// A topic: lower case, without `#`.
    Hashtag {
        /// Its name.
        name: &'t str,
        /// The page about it.
        href: &'t str,
    },
}

impl<'t> Target<'t> {
    /// Who is mentioned.
    #[must_use]
    pub fn actor(&self) -> Option<&'t str> {
        match self {
            Self::Mention { actor, .. } => Some(actor),
            Self::Hashtag { .. } => None,
        }
    }

    /// As a note says it beside its text.
    #[must_use]
    pub fn tag(&self) -> Value {
        match self {
            Self::Mention { handle, actor, .. } => {
                json!({ "type": "Mention", "name": handle.to_string(), "href": actor })
            }
            Self::Hashtag { name, href } => {
                json!({ "type": "Hashtag", "name": format!("#{name}"), "href": href })
            }
        }
    }
}
