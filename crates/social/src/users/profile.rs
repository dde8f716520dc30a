//! What people say of themselves.

use serde::Deserialize;
use store::{Conn, v};
use utoipa::ToSchema;

use super::{Field, User, name_key, rules};
use crate::address::Addresses;
use crate::{Error, Event, Id, css};

/// What is to be changed; an empty text takes away what was there (spec/social.md §3.5).
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
#[schema(as = SocialProfileChanges)]
pub struct Changes {
    /// At most 50 characters.
    pub display_name: Option<String>,
    /// At most 160 characters.
    pub bio: Option<String>,
    /// https, or an own upload.
    pub avatar_url: Option<String>,
    /// https, or an own upload.
    pub header_url: Option<String>,
    /// At most 16 KiB; only what stays on the profile is kept.
    pub custom_css: Option<String>,
    /// At most 4, names of 64 and values of 256 characters.
    pub profile_fields: Option<Vec<Field>>,
    /// At most 8, of 32 bytes each.
    pub custom_moods: Option<Vec<Field>>,
    /// Whether each follower has to be accepted.
    pub manually_approves_followers: Option<bool>,
}

/// Changes the profile of somebody here. The paths of own pictures that it does not show any more: they can be removed once the
/// transaction has ended well.
pub fn update(
    conn: &mut Conn<'_>,
    now: i64,
    addresses: &Addresses,
    id: Id,
    changes: &Changes,
) -> Result<Vec<String>, Error> {
    let before = super::by_id(conn, id)?.ok_or(Error::NotFound("user"))?;
    let after = changed(addresses, &before, changes)?;
    conn.execute(
        "UPDATE social_users SET display_name = $2, bio = $3, avatar_url = $4, header_url = $5, custom_css = $6,
             profile_fields = $7, custom_moods = $8, approves_follows = $9, updated_at = $10, name_key = $11
         WHERE id = $1",
        &[
            id.into(),
            v(after.display_name.as_deref()),
            v(after.bio.as_deref()),
            v(after.avatar_url.as_deref()),
            v(after.header_url.as_deref()),
            v(after.custom_css.as_deref()),
            v(&serde_json::to_string(&after.profile_fields)?),
            v(&serde_json::to_string(&after.custom_moods)?),
            v(after.approves_follows),
            v(now),
            v(name_key(after.display_name.as_deref()).as_deref()),
        ],
    )?;
    Event::ProfileUpdated { user_id: id.0 }.write(conn, now)?;
    let shown = [&after.avatar_url, &after.header_url];
    let before = [before.avatar_url, before.header_url].into_iter().flatten();
    let gone = before.filter(|url| shown.iter().all(|shown| shown.as_deref() != Some(url)));
    Ok(gone.filter_map(|url| own(&url)).collect())
}

/// The path of a picture that was uploaded here for a profile. Those of thoughts are theirs.
pub(super) fn own(url: &str) -> Option<String> {
    let path = url.strip_prefix("/media/")?;
    rules::is_of_profile(path.rsplit('/').next()?).then(|| path.to_owned())
}

fn changed(addresses: &Addresses, user: &User, changes: &Changes) -> Result<User, Error> {
    let mut user = user.clone();
    if let Some(name) = &changes.display_name {
        user.display_name = rules::text("displayName", name, 50)?;
    }
    if let Some(bio) = &changes.bio {
        user.bio = rules::text("bio", bio, 160)?;
    }
    if let Some(url) = &changes.avatar_url {
        user.avatar_url = rules::picture(addresses, &user.uuid, url)?;
    }
    if let Some(url) = &changes.header_url {
        user.header_url = rules::picture(addresses, &user.uuid, url)?;
    }
    if let Some(text) = &changes.custom_css {
        user.custom_css = Some(css::sanitize(text, &user.username)?).filter(|text| !text.is_empty());
    }
    if let Some(fields) = &changes.profile_fields {
        rules::fields(fields)?;
        user.profile_fields.clone_from(fields);
    }
    if let Some(moods) = &changes.custom_moods {
        rules::moods(moods)?;
        user.custom_moods.clone_from(moods);
    }
    if let Some(approves) = changes.manually_approves_followers {
        user.approves_follows = approves;
    }
    Ok(user)
}
