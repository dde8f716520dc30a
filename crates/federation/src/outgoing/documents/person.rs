//! Somebody at home.

use activitypub::object::ActorType;
use activitypub::write::ActorDocument;
use serde::Deserialize;
use serde_json::Value;
use social::{Id, users};
use store::{Conn, v};

use super::time_of;
use crate::Error;
use crate::keys::INSTANCE_UUID;
use crate::names::Names;

/// An actor as others read it.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) address: String,
    /// With its context.
    pub(crate) document: Value,
}

#[derive(Deserialize)]
struct Field {
    name: String,
    value: String,
}

/// Somebody at home who has a key and is there.
pub(crate) fn person(conn: &mut Conn<'_>, names: &Names, id: Id) -> Result<Option<Person>, Error> {
    let Some((_, keys)) = users::keys(conn, id)? else { return Ok(None) };
    conn.query_opt(
        "SELECT uuid, username, kind, display_name, bio, avatar_url, header_url, profile_fields, also_known_as, moved_to, approves_follows,
            created_at, updated_at FROM social_users WHERE id = $1 AND host IS NULL AND deleted_at IS NULL",
        &[v(id)],
        |row| {
            let text = |column| row.opt_text(column).map(Option::unwrap_or_default);
            let (address, username) = (names.actor(row.text(0)?), row.text(1)?);
            let is_instance = row.text(0)? == INSTANCE_UUID;
            let url = if is_instance { names.base().to_owned() } else { names.profile(username) };
            let kind = row.text(2)?;
            let actor_type = ActorType::ALL.iter().copied().find(|known| known.as_str() == kind).unwrap_or(ActorType::Person);
            let fields: Vec<Field> = serde_json::from_str(row.text(7)?).unwrap_or_default();
            let fields: Vec<(String, String)> = fields.into_iter().map(|field| (field.name, field.value)).collect();
            let aliases: Vec<String> = serde_json::from_str(row.text(8)?).unwrap_or_default();
            let picture = |column| {
                let url = row.opt_text(column)?.map(|url| (media_type(url), names.picture(url)));
                Ok::<_, store::Error>(url)
            };
            let (icon, image) = (picture(5)?, picture(6)?);
            let document = ActorDocument {
                id: &address,
                actor_type,
                preferred_username: username,
                name: text(3)?,
                summary: text(4)?,
                url: &url,
                shared_inbox: &names.shared_inbox(),
                public_key_pem: &keys.public,
                manually_approves_followers: row.bool(10)?,
                discoverable: !is_instance,
                published: time_of(row.int(11)?),
                updated: time_of(row.int(12)?),
                icon: icon.as_ref().map(|(kind, url)| (*kind, &**url)),
                image: image.as_ref().map(|(kind, url)| (*kind, &**url)),
                also_known_as: &aliases,
                moved_to: row.opt_text(9)?,
                fields: &fields,
            };
            Ok(Person { document: document.to_json(), address: document.id.to_owned() })
        },
    )
}

fn media_type(url: &str) -> &'static str {
    match url.rsplit_once('.').map(|(_, extension)| extension) {
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("gif") => "image/gif",
        Some("webp") => "image/webp",
        Some("avif") => "image/avif",
        _ => "image/png",
    }
}
