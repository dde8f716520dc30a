//! Somebody here who leaves.

use store::{Conn, v};

use super::intern::uncount;
use super::profile::own;
use crate::address::Addresses;
use crate::{Error, Event, Id, inboxes};

/// What goes with somebody. Likes, boosts and replies of others go with thoughts, or stay without them.
const THEIRS: [&str; 20] = [
    "social_credentials WHERE user_id",
    "social_api_keys WHERE user_id",
    "social_oauth_tokens WHERE user_id",
    "social_oauth_codes WHERE user_id",
    "social_markers WHERE user_id",
    "social_follows WHERE follower",
    "social_follows WHERE followed",
    "social_top_friends WHERE user_id",
    "social_top_friends WHERE friend_id",
    "social_blocks WHERE blocker",
    "social_blocks WHERE blocked",
    "social_mutes WHERE muter",
    "social_mutes WHERE muted",
    "social_user_domain_blocks WHERE user_id",
    "social_bookmarks WHERE user_id",
    "social_likes WHERE user_id",
    "social_boosts WHERE user_id",
    "social_notifications WHERE user_id",
    "social_notifications WHERE from_user_id",
    "social_attachments WHERE user_id",
];

/// Takes away all that somebody here has. Their row stays, empty, so that nobody else gets the name and their address answers that they
/// are gone; their key stays until everybody has been told. The paths of their pictures, to be removed after the transaction.
pub fn delete(conn: &mut Conn<'_>, now: i64, addresses: &Addresses, id: Id) -> Result<Vec<String>, Error> {
    let user = super::by_id(conn, id)?.filter(|user| user.is_local() && !user.is_deleted);
    let user = user.ok_or(Error::NotFound("user"))?;
    let sql = "SELECT path FROM social_attachments WHERE user_id = $1 AND path IS NOT NULL";
    let mut pictures = conn.query(sql, &[id.into()], |row| row.string(0))?;
    pictures.extend([&user.avatar_url, &user.header_url].into_iter().flatten().filter_map(|url| own(url)));
    let inboxes = inboxes::of_person(conn, id)?;
    uncount(conn, id)?;
    let (before, empty) = (addresses.thought(""), "social_thoughts WHERE user_id = $1");
    let sql = format!(
        "INSERT INTO social_tombstones (ap_id, deleted_at) SELECT $2 || uuid, $3 FROM {empty} ON CONFLICT DO NOTHING"
    );
    conn.execute(&sql, &[id.into(), v(&before), v(now)])?;
    conn.execute(&format!("DELETE FROM {empty}"), &[id.into()])?;
    for theirs in THEIRS {
        conn.execute(&format!("DELETE FROM {theirs} = $1"), &[id.into()])?;
    }
    conn.execute(
        "UPDATE social_users SET did = NULL, display_name = NULL, name_key = NULL, bio = NULL, avatar_url = NULL, header_url = NULL,
             custom_css = NULL, profile_fields = '[]', custom_moods = '[]', also_known_as = '[]', settings = '{}',
             role = 'user', active_at = NULL, deleted_at = $2, updated_at = $2
         WHERE id = $1",
        &[id.into(), v(now)],
    )?;
    let sql = "UPDATE social_user_counts SET thoughts = 0, followers = 0, following = 0 WHERE user_id = $1";
    conn.execute(sql, &[id.into()])?;
    Event::UserDeleted { user_id: id.0, inboxes }.write(conn, now)?;
    Ok(pictures)
}
