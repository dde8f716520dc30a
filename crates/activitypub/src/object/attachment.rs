//! Pictures and other files.

use crate::Address;

use super::Node;

/// Attachments of one note that are read; what comes after them is left out.
const MAX_ATTACHMENTS: usize = 32;

/// Characters of a description, and of a type.
const MAX_DESCRIPTION: usize = 1_500;
const MAX_MEDIA_TYPE: usize = 100;

/// A file, somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Where.
    pub url: Address,
    /// Its type, as somebody says.
    pub media_type: Option<String>,
    /// What is to be seen.
    pub description: Option<String>,
    /// Width and height in pixels.
    pub size: Option<(u64, u64)>,
}

impl Attachment {
    /// Those of a note.
    #[must_use]
    pub fn read_all(note: Node<'_>) -> Vec<Self> {
        note.nodes("attachment").take(MAX_ATTACHMENTS).filter_map(Self::read).collect()
    }

    fn read(node: Node<'_>) -> Option<Self> {
        if !["Document", "Image", "Video", "Audio"].iter().any(|name| node.is(name)) {
            return None;
        }
        let cut = |name, limit| node.text(name).map(|text| text.chars().take(limit).collect());
        Some(Self {
            url: node.address("url").or_else(|| node.link("url")).or_else(|| node.address("href"))?,
            media_type: cut("mediaType", MAX_MEDIA_TYPE),
            description: cut("name", MAX_DESCRIPTION).or_else(|| cut("summary", MAX_DESCRIPTION)),
            size: node.number("width").zip(node.number("height")),
        })
    }
}
