//! From a description of somebody to what is kept of them (spec/social.md §4.12).

use activitypub::Address;
use activitypub::object::Actor;
use activitypub::text;
use activitypub::webfinger::Handle;
use social::Id;
use social::users::{self, Field, Profile, Reach};
use store::Conn;

use crate::Error;

/// Characters of what is kept; of HTML, before it is cleaned.
const MAX_NAME: usize = 50;
const MAX_BIO: usize = 3_000;
const MAX_FIELD: usize = 256;
const MAX_VALUE: usize = 1_000;
const MAX_FIELDS: usize = 8;

/// Keeps somebody as they describe themselves: a new row, or theirs brought up to date. `handle` is what they are called if both servers
/// agree; otherwise it is their name at their own server.
pub(crate) fn intern(
    conn: &mut Conn<'_>,
    now: i64,
    actor: &Actor,
    handle: Option<&Handle>,
) -> Result<Id, Error> {
    Ok(users::intern(conn, now, &profile(actor, handle, now))?)
}

fn profile(actor: &Actor, handle: Option<&Handle>, now: i64) -> Profile {
    let cut = |text: &str, limit| text.chars().take(limit).collect::<String>();
    // It is shown as HTML, so it is never taken apart after it was cleaned.
    let clean = |html: &str, limit| text::sanitize(&cut(html, limit));
    let field = |(name, value): &(String, String)| Field {
        name: cut(name, MAX_FIELD),
        value: clean(value, MAX_VALUE),
    };
    let own =
        actor.preferred_username.as_deref().filter(|name| Handle::new(name, actor.id.authority()).is_some());
    // As they write it, if that is what they are called.
    let spelled = |handle: &Handle| {
        own.filter(|name| name.to_lowercase() == handle.user()).unwrap_or(handle.user()).to_owned()
    };
    let username = handle.map_or_else(|| own.unwrap_or_default().to_owned(), spelled);
    let joined = actor.published.and_then(|at| i64::try_from(at.unix_timestamp_nanos() / 1_000).ok());
    Profile {
        ap_id: actor.id.as_str().to_owned(),
        kind: actor.actor_type.as_str().to_owned(),
        username,
        host: handle.map_or(actor.id.authority(), Handle::host).to_owned(),
        display_name: actor
            .name
            .as_deref()
            .map(|name| cut(name.trim(), MAX_NAME))
            .filter(|name| !name.is_empty()),
        bio: actor
            .summary
            .as_deref()
            .map(|bio| clean(bio, MAX_BIO))
            .filter(|bio| !text::to_plain(bio).is_empty()),
        avatar_url: text_of(actor.icon.as_ref()),
        header_url: text_of(actor.image.as_ref()),
        fields: actor.fields.iter().take(MAX_FIELDS).map(field).collect(),
        url: text_of(actor.url.as_ref()),
        also_known_as: actor.also_known_as.iter().map(ToString::to_string).collect(),
        moved_to: text_of(actor.moved_to.as_ref()),
        approves_follows: actor.manually_approves_followers,
        created_at: joined.filter(|at| (0..=now).contains(at)),
        reach: reach(actor),
    }
}

fn reach(actor: &Actor) -> Reach {
    let own = actor.keys.iter().find_map(|key| {
        let named = key.owner == actor.id && key.id.same_host(&actor.id);
        let pem = named.then(|| key.public_key().ok()?.to_pem().ok()).flatten()?;
        Some((key.id.as_str().to_owned(), pem))
    });
    let (key_id, public_key) = own.unzip();
    // A shared inbox elsewhere would be told what is for others.
    let shared = actor.shared_inbox.as_ref().filter(|inbox| inbox.same_host(&actor.inbox));
    Reach {
        inbox: actor.inbox.as_str().to_owned(),
        shared_inbox: text_of(shared),
        outbox: text_of(actor.outbox.as_ref()),
        followers: text_of(actor.followers.as_ref()),
        following: text_of(actor.following.as_ref()),
        featured: text_of(actor.featured.as_ref()),
        key_id,
        public_key,
    }
}

fn text_of(address: Option<&Address>) -> Option<String> {
    address.map(|address| address.as_str().to_owned())
}
