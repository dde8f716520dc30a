//! The types that mean something here.

use super::Node;

macro_rules! types {
    ($(#[$doc:meta])* $name:ident { $($variant:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[expect(missing_docs, reason = "the vocabulary says what they mean")]
        pub enum $name { $($variant),+ }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// As it is written.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => stringify!($variant)),+ }
            }

            /// The first of an object's types that is one of these.
            #[must_use]
            pub fn of(node: Node<'_>) -> Option<Self> {
                node.types().find_map(|name| Self::ALL.iter().copied().find(|known| known.as_str() == name))
            }
        }
    };
}

types! {
    /// Who can act.
    ActorType { Person, Service, Application, Group, Organization }
}

types! {
    /// What can be read as a post: all but a note are reduced to a title and a link.
    NoteType { Note, Article, Page, Question, Video, Image, Audio, Event }
}

types! {
    /// What can be done.
    ActivityType {
        Create, Update, Delete, Follow, Accept, Reject, Undo, Like, EmojiReact, Announce, Block, Flag, Move, Add, Remove,
    }
}
