//! Notes of others on their way in.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use activitypub::Address;
use activitypub::object::{Activity, Actor, Note, Reference, Tag};
use activitypub::text::sanitize;
use social::thoughts::{RemoteAttachment, RemoteThought, Stored};
use social::{Id, Visibility};
use store::{Conn, v};
use tracing::debug;

use super::effects::{self, Applying};
use crate::Error;
use crate::fetch::Budget;
use crate::names::Names;
use crate::services::Services;

/// Pictures of one note that are kept.
const MAX_PICTURES: usize = 16;

/// People here whom one note can be for by name, as often as it names them.
const MAX_HERE: usize = 250;

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
        let mentioned = self.note.tags.iter().filter_map(|tag| match tag {
            Tag::Mention { href, name } => Some((href, name)),
            _ => None,
        });
        let recipients = self.note.audience.to.iter().chain(&self.note.audience.cc);
        let here = here(conn, names, mentioned.clone().map(|(href, _)| href).chain(recipients.clone()))?;
        let elsewhere = elsewhere(conn, mentioned.clone().map(|(href, _)| href))?;
        let whose = |address: &Address| match names.local_actor(address) {
            Some(uuid) => here.get(uuid),
            None => elsewhere.get(address.as_str()),
        };
        let mut mentions: Vec<(String, Option<Id>)> =
            mentioned.map(|(href, name)| (name.clone(), whose(href).copied())).collect();
        let mut known: HashSet<Id> = mentions.iter().filter_map(|(_, id)| *id).collect();
        for recipient in recipients.filter(|recipient| names.local_actor(recipient).is_some()) {
            if let Some(id) = whose(recipient).filter(|id| known.insert(**id)) {
                mentions.push((recipient.as_str().to_owned(), Some(*id)));
            }
        }
        Ok(mentions)
    }
}

/// People here who are named, by their uuid. What names more than [`MAX_HERE`] is for nobody in particular.
pub(super) fn here<'a>(
    conn: &mut Conn<'_>,
    names: &Names,
    named: impl Iterator<Item = &'a Address>,
) -> Result<HashMap<String, Id>, store::Error> {
    let uuids: BTreeSet<&str> =
        named.filter_map(|address| names.local_actor(address)).take(MAX_HERE).collect();
    let of = "SELECT uuid, id FROM social_users WHERE host IS NULL AND deleted_at IS NULL AND kind <> 'Service' AND uuid";
    those(conn, of, &uuids)
}

/// People elsewhere who are known here, by their address.
fn elsewhere<'a>(
    conn: &mut Conn<'_>,
    named: impl Iterator<Item = &'a Address>,
) -> Result<HashMap<String, Id>, store::Error> {
    let addresses: BTreeSet<&str> = named.map(Address::as_str).collect();
    those(conn, "SELECT ap_id, id FROM social_users WHERE ap_id", &addresses)
}

fn those(conn: &mut Conn<'_>, of: &str, keys: &BTreeSet<&str>) -> Result<HashMap<String, Id>, store::Error> {
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let places: Vec<String> = (1..=keys.len()).map(|n| format!("${n}")).collect();
    let keys: Vec<store::Value<'_>> = keys.iter().map(|key| v(*key)).collect();
    let sql = format!("{of} IN ({})", places.join(", "));
    Ok(conn
        .query(&sql, &keys, |row| Ok::<_, store::Error>((row.string(0)?, Id(row.int(1)?))))?
        .into_iter()
        .collect())
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
    let note = crate::remote::read(services, &budget, address).await?;
    let (wanted, names) = (Wanted::of(&note, true), services.names.clone());
    if !services.state.read(move |conn| super::relevance::is_relevant(conn, &names, &wanted)).await? {
        return Ok(());
    }
    let author = services.actors.fetch(&budget, &note.attributed_to).await?;
    keep_fetched(services, Incoming { author, note }).await.map(drop)
}
