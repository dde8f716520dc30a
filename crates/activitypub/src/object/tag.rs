//! What a text mentions.

use crate::Address;

use super::Node;

/// Tags of one note that are read; what comes after them is left out.
const MAX_TAGS: usize = 200;

/// Characters of a name.
const MAX_NAME: usize = 300;

/// A part of a text that leads somewhere, or looks like something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tag {
    /// Somebody.
    Mention {
        /// The actor.
        href: Address,
        /// As it is called in the text, such as `@bob@example.com`.
        name: String,
    },
    /// A topic: without `#`, lower case.
    Hashtag(String),
    /// A picture in place of a word.
    Emoji {
        /// The word, such as `:blobcat:`.
        name: String,
        /// The picture.
        icon: Address,
    },
}

impl Tag {
    /// The tags of a note, each once.
    #[must_use]
    pub fn read_all(note: Node<'_>) -> Vec<Self> {
        let mut tags: Vec<Self> = Vec::new();
        for tag in note.nodes("tag").take(MAX_TAGS).filter_map(Self::read) {
            if !tags.contains(&tag) {
                tags.push(tag);
            }
        }
        tags
    }

    fn read(node: Node<'_>) -> Option<Self> {
        let name = || node.text("name").map(|name| name.trim().chars().take(MAX_NAME).collect::<String>());
        if node.is("Mention") {
            let href = node.address("href")?;
            let name = name().unwrap_or_else(|| href.to_string());
            Some(Self::Mention { href, name })
        } else if node.is("Hashtag") || node.types().any(|name| name == "toot:Hashtag") {
            let name = name()?.trim_start_matches(['#', '＃']).to_lowercase();
            let plain = !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c.is_control());
            plain.then_some(Self::Hashtag(name))
        } else if node.is("Emoji") || node.types().any(|name| name == "toot:Emoji") {
            Some(Self::Emoji { name: name()?, icon: node.link("icon")? })
        } else {
            None
        }
    }
}
