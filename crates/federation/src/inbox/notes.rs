//! Notes of others on their way in.

use std::sync::Arc;

use activitypub::Address;
use activitypub::object::{Activity, Actor, Note, Reference, Tag};
use activitypub::text::sanitize;
use social::thoughts::{RemoteAttachment, RemoteThought, Stored};
use social::{Id, Visibility, users};
use store::Conn;
use tracing::debug;

use super::effects::{self, Applying};
use crate::Error;
use crate::fetch::Budget;
use crate::names::Names;
use crate::services::Services;

/// Pictures of one note that are kept.
const MAX_PICTURES: usize = 16;

/// A note and its author, who has been proven to be that.
#[derive(Clone, Debug)]
pub(crate) struct Incoming {
    pub(crate) author: Arc<Actor>,
    pub(crate) note: Note,
}

/// What decides whether a note matters here.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub(super) id: String,
    pub(super) author: String,
    pub(super) parent: Option<Address>,
    pub(super) recipients: Vec<Address>,
    pub(super) is_update: bool,
}

impl Wanted {
    pub(super) fn of(note: &Note, is_update: bool) -> Self {
        let mentioned = note.tags.iter().filter_map(|tag| match tag {
            Tag::Mention { href, .. } => Some(href),
            _ => None,
        });
        Self {
            id: note.id.as_str().to_owned(),
            author: note.attributed_to.as_str().to_owned(),
            parent: note.in_reply_to.clone(),
            recipients: note.audience.to.iter().chain(&note.audience.cc).chain(mentioned).cloned().collect(),
            is_update,
        }
    }
}

impl Incoming {
    /// The note as it is kept.
    pub(super) fn thought(
        &self,
        conn: &mut Conn<'_>,
        names: &Names,
        author: Id,
    ) -> Result<RemoteThought, Error> {
        let note = &self.note;
        let micros = |time: Option<time::OffsetDateTime>| {
            time.and_then(|at| i64::try_from(at.unix_timestamp_nanos() / 1_000).ok())
        };
        let tags = note.tags.iter().filter_map(|tag| match tag {
            Tag::Hashtag(name) => Some(name.clone()),
            _ => None,
        });
        let extensions =
            if note.extensions.is_empty() { None } else { Some(serde_json::to_string(&note.extensions)?) };
        let mood = note.extensions.get("mood").and_then(serde_json::Value::as_str);
        Ok(RemoteThought {
            ap_id: note.id.as_str().to_owned(),
            url: note.url.as_ref().map(|url| url.as_str().to_owned()),
            author,
            content: sanitize(&note.content),
            content_warning: note.summary.clone(),
            sensitive: note.sensitive,
            visibility: visibility(note.audience.visibility(self.author.followers.as_ref())),
            in_reply_to: note.in_reply_to.as_ref().map(|parent| parent.as_str().to_owned()),
            language: note.language.clone(),
            mood: mood.map(|mood| mood.chars().take(64).collect()),
            extensions,
            published: micros(note.published),
            updated: micros(note.updated),
            tags: tags.collect(),
            mentions: self.mentions(conn, names)?,
            attachments: note.attachments.iter().take(MAX_PICTURES).map(picture).collect(),
        })
    }

    /// Who is mentioned, and who here is addressed without being mentioned: they may see it.
    fn mentions(&self, conn: &mut Conn<'_>, names: &Names) -> Result<Vec<(String, Option<Id>)>, Error> {
        let mut mentions: Vec<(String, Option<Id>)> = Vec::new();
        for tag in &self.note.tags {
            if let Tag::Mention { href, name } = tag {
                mentions.push((name.clone(), whose(conn, names, href)?));
            }
        }
        for recipient in self.note.audience.to.iter().chain(&self.note.audience.cc) {
            if names.local_actor(recipient).is_none() {
                continue;
            }
            if let Some(id) = whose(conn, names, recipient)?
                && !mentions.iter().any(|(_, known)| *known == Some(id))
            {
                mentions.push((recipient.as_str().to_owned(), Some(id)));
            }
        }
        Ok(mentions)
    }
}

fn whose(conn: &mut Conn<'_>, names: &Names, actor: &Address) -> Result<Option<Id>, Error> {
    let found = match names.local_actor(actor) {
        Some(uuid) => users::by_uuid(conn, uuid)?.filter(|user| user.is_local() && !user.is_deleted),
        None => users::by_ap_id(conn, actor.as_str())?,
    };
    Ok(found.map(|user| user.id))
}

fn picture(attachment: &activitypub::object::Attachment) -> RemoteAttachment {
    let number = |number: u64| i64::try_from(number).unwrap_or_default();
    RemoteAttachment {
        url: attachment.url.as_str().to_owned(),
        media_type: attachment.media_type.clone().unwrap_or_else(|| "application/octet-stream".to_owned()),
        description: attachment.description.clone(),
        size: attachment.size.map(|(width, height)| (number(width), number(height))),
    }
}

fn visibility(visibility: activitypub::object::Visibility) -> Visibility {
    match visibility {
        activitypub::object::Visibility::Public => Visibility::Public,
        activitypub::object::Visibility::Unlisted => Visibility::Unlisted,
        activitypub::object::Visibility::Followers => Visibility::Followers,
        activitypub::object::Visibility::Private => Visibility::Private,
    }
}

/// Keeps a note that was fetched because somebody here wanted to see it, and says which thought it is.
pub(crate) async fn keep_fetched(services: &Services, incoming: Incoming) -> Result<Option<Id>, Error> {
    let names = services.names.clone();
    let keep = move |conn: &mut Conn<'_>| {
        effects::keep_note(&mut Applying { conn, now: clock::now_micros(), names: &names }, &incoming)
    };
    Ok(match services.state.write(keep).await? {
        Stored::Added { id, notified } => {
            let told = notified
                .into_iter()
                .map(|notified| social::Told::Notified { id: notified.id.0, user_id: notified.user.0 });
            services.tell(told.collect()).await;
            Some(id)
        }
        Stored::Changed(id) | Stored::Kept(id) => Some(id),
        Stored::Refused => None,
    })
}

/// Somebody passes on what another said. Nothing of it is believed: what it is about is asked for at its origin, if that is the actor's own
/// server, without anybody waiting for it (spec/social.md §4.7, step 6).
pub(super) fn look_at_origin(services: &Services, activity: &Activity<'_>) {
    let address = activity.object.as_ref().and_then(Reference::address);
    let Some(address) =
        address.filter(|address| address.same_host(&activity.actor) && !services.names.is_ours(address))
    else {
        return;
    };
    let services = services.clone();
    tokio::spawn(async move {
        if let Err(error) = at_origin(&services, &address).await {
            debug!(%error, %address, "what somebody passed on is not to be had");
        }
    });
}

async fn at_origin(services: &Services, address: &Address) -> Result<(), Error> {
    let budget = Budget::new();
    let fetched = services.actors.fetcher().object(&budget, address).await?;
    let note = Note::read(fetched.document.node())?;
    if !note.attributed_to.same_host(&note.id) {
        return Ok(());
    }
    let (wanted, names) = (Wanted::of(&note, true), services.names.clone());
    if !services.state.read(move |conn| super::relevance::is_relevant(conn, &names, &wanted)).await? {
        return Ok(());
    }
    let author = services.actors.fetch(&budget, &note.attributed_to).await?;
    keep_fetched(services, Incoming { author, note }).await.map(drop)
}
