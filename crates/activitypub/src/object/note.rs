//! Something that somebody wrote.

use serde_json::{Map, Value};
use time::OffsetDateTime;

use crate::Address;

use super::{Attachment, Audience, Node, NoteType, ObjectError, Tag};

/// Characters of a content, before it is cleaned; and of a title or a warning.
const MAX_CONTENT: usize = 5_000;
const MAX_TITLE: usize = 500;

/// Bytes of properties that are not known here and kept.
const MAX_EXTENSIONS: usize = 8 * 1024;

/// Properties that are read into fields or mean nothing by themselves.
const KNOWN: [&str; 29] = [
    "@context",
    "id",
    "type",
    "url",
    "attributedTo",
    "content",
    "contentMap",
    "source",
    "published",
    "updated",
    "to",
    "cc",
    "bto",
    "bcc",
    "audience",
    "inReplyTo",
    "sensitive",
    "summary",
    "summaryMap",
    "name",
    "nameMap",
    "tag",
    "attachment",
    "replies",
    "likes",
    "shares",
    "signature",
    "proof",
    "context",
];

/// A post of another server, of whichever type. Texts are HTML as it came: clean them before anybody sees them.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the vocabulary says what they mean")]
pub struct Note {
    pub id: Address,
    pub note_type: NoteType,
    pub attributed_to: Address,
    pub content: String,
    /// The language of the content, if it is said.
    pub language: Option<String>,
    /// A warning of what is in it.
    pub summary: Option<String>,
    pub sensitive: bool,
    pub url: Option<Address>,
    pub published: Option<OffsetDateTime>,
    pub updated: Option<OffsetDateTime>,
    pub in_reply_to: Option<Address>,
    pub audience: Audience,
    pub tags: Vec<Tag>,
    pub attachments: Vec<Attachment>,
    pub replies: Option<Address>,
    /// What else its author says of it, if that is little.
    pub extensions: Map<String, Value>,
}

impl Note {
    /// Reads one.
    pub fn read(node: Node<'_>) -> Result<Self, ObjectError> {
        let note_type = NoteType::of(node).ok_or(ObjectError::Type("a note"))?;
        let id = node.id().ok_or(ObjectError::Property("id"))?;
        let url = node.link("url");
        let (content, language) = content(node, note_type, url.as_ref().unwrap_or(&id));
        Ok(Self {
            attributed_to: node.address("attributedTo").ok_or(ObjectError::Property("attributedTo"))?,
            note_type,
            content,
            language,
            summary: warning(node, note_type),
            sensitive: node.flag("sensitive"),
            url,
            published: node.time("published"),
            updated: node.time("updated"),
            in_reply_to: node.address("inReplyTo"),
            audience: Audience::read(node)?,
            tags: Tag::read_all(node),
            attachments: Attachment::read_all(node),
            replies: node.address("replies"),
            extensions: extensions(node),
            id,
        })
    }
}

fn cut(text: &str, limit: usize) -> String {
    text.chars().take(limit).collect()
}

fn warning(node: Node<'_>, note_type: NoteType) -> Option<String> {
    let summary = node.text("summary").filter(|summary| !summary.is_empty())?;
    // Everywhere else it is what the thing is about.
    (note_type == NoteType::Note).then(|| cut(summary, MAX_TITLE))
}

/// The content and its language. What is more than a note is its title, what it is about, and where it is.
fn content(node: Node<'_>, note_type: NoteType, url: &Address) -> (String, Option<String>) {
    let map = node.get("contentMap").and_then(Value::as_object);
    let first = map.and_then(|map| map.iter().find_map(|(language, text)| Some((language, text.as_str()?))));
    let plain = node.text("content");
    if note_type != NoteType::Note {
        let title =
            node.text("name").map(|title| format!("<p>{}</p>", ammonia::clean_text(&cut(title, MAX_TITLE))));
        let about = node.text("summary").or(plain).map(|about| cut(about, MAX_CONTENT)).unwrap_or_default();
        let href = ammonia::clean_text(url.url().as_str());
        let link = format!("<p><a href=\"{href}\">{href}</a></p>");
        return (
            format!("{}{about}{link}", title.unwrap_or_default()),
            first.map(|(language, _)| cut(language, 35)),
        );
    }
    let named = || node.text("name").map(ammonia::clean_text);
    let language = match (plain, map) {
        (Some(plain), Some(map)) => {
            map.iter().find(|(_, text)| text.as_str() == Some(plain)).map(|(name, _)| name)
        }
        _ => first.map(|(language, _)| language),
    };
    let text = plain.or(first.map(|(_, text)| text)).map(|text| cut(text, MAX_CONTENT));
    let text = text.or_else(|| named().map(|name| cut(&name, MAX_CONTENT)));
    (text.unwrap_or_default(), language.map(|language| cut(language, 35)))
}

fn extensions(node: Node<'_>) -> Map<String, Value> {
    let unknown = node.properties().iter().filter(|(name, _)| !KNOWN.contains(&name.as_str()));
    let unknown: Map<String, Value> = unknown.map(|(name, value)| (name.clone(), value.clone())).collect();
    let bytes = serde_json::to_vec(&unknown).map_or(usize::MAX, |text| text.len());
    if bytes <= MAX_EXTENSIONS { unknown } else { Map::new() }
}
