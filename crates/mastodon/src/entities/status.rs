//! `Status`: a thought, or somebody's boost of one.

use serde::Serialize;
use social::thoughts::{self, Thought};
use social::{Addresses, Id, Visibility};

use super::account::Account;
use super::content::{html, topics};
use super::media::Media;
use super::moment::instant;

/// As clients insist on it: nothing is left out, what there is none of is empty or null.
#[derive(Clone, Debug, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "the entity is as clients know it")]
pub(crate) struct Status {
    pub(crate) id: Id,
    pub(crate) created_at: String,
    pub(crate) edited_at: Option<String>,
    pub(crate) in_reply_to_id: Option<Id>,
    in_reply_to_account_id: Option<Id>,
    pub(crate) sensitive: bool,
    pub(crate) spoiler_text: String,
    visibility: &'static str,
    pub(crate) language: Option<String>,
    pub(crate) uri: String,
    pub(crate) url: Option<String>,
    replies_count: i64,
    reblogs_count: i64,
    favourites_count: i64,
    quotes_count: i64,
    favourited: bool,
    reblogged: bool,
    pub(crate) muted: bool,
    bookmarked: bool,
    pinned: bool,
    pub(crate) content: String,
    filtered: [(); 0],
    pub(crate) reblog: Option<Box<Status>>,
    application: Option<()>,
    pub(crate) account: Account,
    pub(crate) media_attachments: Vec<Media>,
    pub(crate) mentions: Vec<Mention>,
    pub(crate) tags: Vec<StatusTag>,
    emojis: [(); 0],
    card: Option<()>,
    poll: Option<()>,
    quote: Option<()>,
    /// Whether its viewer does not want to be shown it unasked.
    #[serde(skip)]
    pub(crate) is_unwanted: bool,
    /// As it was written, where the author is asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) text: Option<String>,
}

/// Somebody whom a status names.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Mention {
    pub(crate) id: Id,
    pub(crate) username: String,
    pub(crate) url: String,
    pub(crate) acct: String,
}

impl Mention {
    pub(super) fn new(mention: &thoughts::Mention, addresses: &Addresses) -> Self {
        let (url, acct) = match &mention.host {
            None => (addresses.profile(&mention.username), mention.username.clone()),
            Some(host) => {
                let url = mention.url.clone().or_else(|| mention.ap_id.clone());
                (url.unwrap_or_default(), format!("{}@{host}", mention.username))
            }
        };
        Self { id: mention.user_id, username: mention.username.clone(), url, acct }
    }
}

/// A hashtag of a status.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct StatusTag {
    pub(crate) name: String,
    pub(crate) url: String,
}

impl Status {
    /// Of a thought as its viewer sees it. Whether they muted its author is left open.
    pub(super) fn new(thought: &Thought, addresses: &Addresses) -> Self {
        let uri = thought.ap_id.clone().unwrap_or_else(|| addresses.thought(&thought.uuid));
        // Of thoughts that are not public no tags are kept, so that nobody finds them.
        let names = if thought.is_local { topics(&thought.content) } else { thought.tags.clone() };
        let tags: Vec<_> =
            names.into_iter().map(|name| StatusTag { url: addresses.tag(&name), name }).collect();
        let content =
            if thought.is_local { html(thought, &tags, addresses) } else { thought.content.clone() };
        Self {
            id: thought.id,
            created_at: instant(thought.created_at),
            edited_at: thought.updated_at.map(instant),
            in_reply_to_id: thought.in_reply_to,
            in_reply_to_account_id: thought.in_reply_to_author,
            sensitive: thought.sensitive,
            spoiler_text: thought.content_warning.clone().unwrap_or_default(),
            visibility: named(thought.visibility),
            language: thought.language.clone(),
            url: Some(thought.url.clone().unwrap_or_else(|| uri.clone())),
            uri,
            replies_count: thought.replies,
            reblogs_count: thought.boosts,
            favourites_count: thought.likes,
            quotes_count: 0,
            favourited: thought.is_liked,
            reblogged: thought.is_boosted,
            muted: false,
            bookmarked: thought.is_bookmarked,
            pinned: false,
            content,
            filtered: [],
            reblog: None,
            application: None,
            account: Account::new(&thought.author, addresses),
            media_attachments: thought.attachments.iter().map(|it| Media::new(it, addresses)).collect(),
            mentions: thought.mentions.iter().map(|it| Mention::new(it, addresses)).collect(),
            tags,
            emojis: [],
            card: None,
            poll: None,
            quote: None,
            is_unwanted: false,
            text: None,
        }
    }

    /// That somebody boosted it, which is a status, too.
    pub(super) fn boosted(self, id: Id, created_at: String, by: Account, uri: String) -> Self {
        Self {
            id,
            created_at,
            edited_at: None,
            uri: uri.clone(),
            url: Some(uri),
            account: by,
            in_reply_to_id: None,
            in_reply_to_account_id: None,
            reblog: Some(Box::new(self.clone())),
            ..self
        }
    }
}

/// Mastodon's names of visibilities.
pub(crate) fn named(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Public => "public",
        Visibility::Unlisted => "unlisted",
        Visibility::Followers => "private",
        Visibility::Private => "direct",
    }
}

/// Which visibility a client means.
pub(crate) fn visibility(name: &str) -> Option<Visibility> {
    match name {
        "public" => Some(Visibility::Public),
        "unlisted" => Some(Visibility::Unlisted),
        "private" => Some(Visibility::Followers),
        "direct" => Some(Visibility::Private),
        _ => None,
    }
}
