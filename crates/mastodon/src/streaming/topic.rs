//! What a stream is about.

use crate::fields::Fields;

/// The names that clients give it, and what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Topic {
    /// One's home timeline and notifications.
    User,
    /// One's notifications.
    Notifications,
    /// What is public.
    Public(Place),
    /// What has a hashtag, in lower case.
    Hashtag(String, Place),
    /// What is sent to oneself only.
    Direct,
}

/// Where it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Anywhere,
    Here,
    Elsewhere,
}

/// Characters of a hashtag.
const MAX_TAG: usize = 50;

impl Topic {
    /// Reads `stream` and `tag`.
    pub(super) fn read(fields: &Fields) -> Option<Self> {
        let tag = || {
            let tag = fields.filled("tag")?.trim_start_matches('#').to_lowercase();
            (1..=MAX_TAG).contains(&tag.chars().count()).then_some(tag)
        };
        Some(match fields.filled("stream")? {
            "user" => Self::User,
            "user:notification" => Self::Notifications,
            "public" => Self::Public(Place::Anywhere),
            "public:local" => Self::Public(Place::Here),
            "public:remote" => Self::Public(Place::Elsewhere),
            "hashtag" => Self::Hashtag(tag()?, Place::Anywhere),
            "hashtag:local" => Self::Hashtag(tag()?, Place::Here),
            "direct" => Self::Direct,
            _ => return None,
        })
    }

    /// The same as it is said in messages.
    pub(super) fn names(&self) -> Vec<&str> {
        match self {
            Self::User => vec!["user"],
            Self::Notifications => vec!["user:notification"],
            Self::Public(Place::Anywhere) => vec!["public"],
            Self::Public(Place::Here) => vec!["public:local"],
            Self::Public(Place::Elsewhere) => vec!["public:remote"],
            Self::Hashtag(tag, Place::Here) => vec!["hashtag:local", tag],
            Self::Hashtag(tag, _) => vec!["hashtag", tag],
            Self::Direct => vec!["direct"],
        }
    }

    /// Whether one has to be somebody for it.
    pub(super) fn is_ones_own(&self) -> bool {
        matches!(self, Self::User | Self::Notifications | Self::Direct)
    }
}

impl Place {
    pub(super) fn has(self, is_here: bool) -> bool {
        match self {
            Self::Anywhere => true,
            Self::Here => is_here,
            Self::Elsewhere => !is_here,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_and_said() {
        let read = |query: &str| Topic::read(&Fields::of_form(query.as_bytes()));
        assert_eq!(read("stream=hashtag&tag=%23Rust").unwrap().names(), ["hashtag", "rust"]);
        for name in ["user", "user:notification", "public", "public:local", "public:remote", "direct"] {
            assert_eq!(read(&format!("stream={name}")).unwrap().names(), [name]);
        }
        assert!(
            read("stream=hashtag").is_none() && read("stream=list&list=1").is_none() && read("").is_none()
        );
    }
}
