//! Thoughts as the REST API shows them (spec/social.md §3.4).

use std::collections::HashSet;

use serde::Serialize;
use serde_json::value::RawValue;
use store::Conn;
use utoipa::ToSchema;

use super::{Attachment, Thought, load};
use crate::address::Addresses;
use crate::feeds::Entry;
use crate::users::by_ids;
use crate::users::view::{UserView, of};
use crate::wire::instant;
use crate::{Error, Id, Visibility};

/// A thought, for one viewer.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Thought)]
pub(crate) struct ThoughtView {
    id: String,
    content: String,
    /// `text/plain` here, harmless `text/html` elsewhere.
    content_type: &'static str,
    author: UserView,
    reply_to_id: Option<String>,
    /// What it replies to, if that is not here.
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_to_url: Option<String>,
    visibility: Visibility,
    content_warning: Option<String>,
    sensitive: bool,
    like_count: i64,
    boost_count: i64,
    reply_count: i64,
    liked_by_viewer: bool,
    boosted_by_viewer: bool,
    created_at: String,
    updated_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    note_extensions: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mood: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<String>,
    /// Its address in the fediverse, or its page elsewhere.
    url: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<AttachmentView>,
    tags: Vec<String>,
    /// Who boosted it, if that is why it is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    boosted_by: Option<UserView>,
}

/// A picture.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ThoughtAttachment)]
pub(super) struct AttachmentView {
    id: String,
    media_type: String,
    url: String,
    width: Option<i64>,
    height: Option<i64>,
    blurhash: Option<String>,
    description: Option<String>,
}

/// The thoughts of entries, in their order, without those that the viewer may not see.
pub(crate) fn views(
    conn: &mut Conn<'_>,
    addresses: &Addresses,
    viewer: Option<Id>,
    entries: &[Entry],
) -> Result<Vec<ThoughtView>, Error> {
    let ids: Vec<Id> = entries.iter().map(|entry| entry.thought).collect();
    let thoughts = load(conn, viewer, &ids)?;
    let authors = thoughts.iter().map(|thought| thought.author.clone());
    let boosters: HashSet<i64> =
        entries.iter().filter_map(|entry| entry.boosted_by).map(|who| who.0).collect();
    let mut people = by_ids(conn, &boosters.into_iter().collect::<Vec<_>>())?;
    people.extend(authors);
    let people = of(conn, addresses, viewer, &people)?;
    let show = |thought: Thought| {
        let entry = entries.iter().find(|entry| entry.thought == thought.id);
        let boosted_by = entry.and_then(|entry| entry.boosted_by).and_then(|who| people.get(&who.0));
        let author = people.get(&thought.author.id.0)?.clone();
        Some(view(addresses, thought, author, boosted_by.cloned()))
    };
    Ok(thoughts.into_iter().filter_map(show).collect())
}

/// One thought.
pub(crate) fn one(
    conn: &mut Conn<'_>,
    addresses: &Addresses,
    viewer: Option<Id>,
    id: Id,
) -> Result<ThoughtView, Error> {
    let entry = Entry { at: id, thought: id, boosted_by: None };
    views(conn, addresses, viewer, &[entry])?.pop().ok_or(Error::NotFound("thought"))
}

fn view(
    addresses: &Addresses,
    thought: Thought,
    author: UserView,
    boosted_by: Option<UserView>,
) -> ThoughtView {
    let address = || addresses.thought(&thought.uuid);
    ThoughtView {
        url: thought.url.clone().or_else(|| thought.ap_id.clone()).unwrap_or_else(address),
        content_type: if thought.is_local { "text/plain" } else { "text/html" },
        author,
        reply_to_url: thought.in_reply_to_url.filter(|_| thought.in_reply_to_uuid.is_none()),
        reply_to_id: thought.in_reply_to_uuid,
        id: thought.uuid,
        content: thought.content,
        visibility: thought.visibility,
        content_warning: thought.content_warning,
        sensitive: thought.sensitive,
        like_count: thought.likes,
        boost_count: thought.boosts,
        reply_count: thought.replies,
        liked_by_viewer: thought.is_liked,
        boosted_by_viewer: thought.is_boosted,
        created_at: instant(thought.created_at),
        updated_at: thought.updated_at.map(instant),
        note_extensions: thought.extensions.and_then(|json| RawValue::from_string(json).ok()),
        mood: thought.mood,
        language: thought.language,
        attachments: thought
            .attachments
            .into_iter()
            .map(|picture| AttachmentView::new(addresses, picture))
            .collect(),
        tags: thought.tags,
        boosted_by,
    }
}

impl AttachmentView {
    pub(super) fn new(addresses: &Addresses, picture: Attachment) -> Self {
        let here = picture.path.map(|path| addresses.media(&path));
        Self {
            id: picture.id.to_string(),
            media_type: picture.media_type,
            url: here.or(picture.remote_url).unwrap_or_default(),
            width: picture.width,
            height: picture.height,
            blurhash: picture.blurhash,
            description: picture.description,
        }
    }
}
