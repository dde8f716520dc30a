//! Those who are at home elsewhere (spec/social.md §4.12): their row here, made and brought up to date.

use store::{Conn, v};
use uuid::Uuid;

use super::{Field, name_key};
use crate::{Error, Id, counts, moderation};

/// Letters of a name that stands for one that cannot be used.
const STAND_IN: usize = 13;

/// What is shown of somebody, and where their server is reached. Texts are harmless already.
#[derive(Clone, Debug)]
#[expect(
    missing_docs,
    reason = "the columns of social_users and social_remote_actors, which the migration explains"
)]
pub struct Profile {
    pub ap_id: String,
    pub kind: String,
    pub username: String,
    pub host: String,
    pub display_name: Option<String>,
    pub bio: Option<String>,
    pub avatar_url: Option<String>,
    pub header_url: Option<String>,
    pub fields: Vec<Field>,
    pub url: Option<String>,
    pub also_known_as: Vec<String>,
    pub moved_to: Option<String>,
    pub approves_follows: bool,
    pub created_at: Option<i64>,
    pub reach: Reach,
}

/// Where somebody's server is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the columns of social_remote_actors, which the migration explains")]
pub struct Reach {
    pub inbox: String,
    pub shared_inbox: Option<String>,
    pub outbox: Option<String>,
    pub followers: Option<String>,
    pub following: Option<String>,
    pub featured: Option<String>,
    pub key_id: Option<String>,
    pub public_key: Option<String>,
}

/// Makes the row of an actor, or brings it up to date. The handle is that of whoever had it first: another actor who claims it gets
/// a name that stands for one.
pub fn intern(conn: &mut Conn<'_>, now: i64, profile: &Profile) -> Result<Id, Error> {
    let sql = "SELECT id FROM social_users WHERE ap_id = $1";
    let id = match conn.query_opt(sql, &[v(&profile.ap_id)], |row| row.int(0))? {
        Some(id) => Id(id),
        None => insert(conn, now, profile)?,
    };
    update(conn, now, id, profile)?;
    reach(conn, now, id, &profile.reach)?;
    Ok(id)
}

fn insert(conn: &mut Conn<'_>, now: i64, profile: &Profile) -> Result<Id, Error> {
    let mut username = profile.username.clone();
    let handle = |username: &str| format!("{username}@{}", profile.host).to_lowercase();
    let sql = "SELECT id FROM social_users WHERE handle_key = $1";
    let is_taken = conn.query_opt(sql, &[v(&handle(&username))], |row| row.int(0))?.is_some();
    if is_taken || username.is_empty() || handle(&username).len() > 255 {
        let uuid = Uuid::new_v4().simple().to_string();
        username = format!("r_{}", &uuid[..STAND_IN]);
    }
    let (uuid, handle_key) = (Uuid::new_v4().to_string(), handle(&username));
    let created_at = profile.created_at.unwrap_or(now);
    let sql = "INSERT INTO social_users (id, uuid, username, host, handle_key, ap_id, created_at, updated_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING";
    let made = Id::insert(conn, "social_users", created_at.min(now), |conn, id| {
        let (host, ap_id) = (v(&profile.host), v(&profile.ap_id));
        let params = [id.into(), v(&uuid), v(&username), host, v(&handle_key), ap_id, v(created_at), v(now)];
        conn.execute(sql, &params)
    })?;
    let id = made.ok_or(Error::Taken("somebody else has that handle"))?;
    conn.execute("INSERT INTO social_user_counts (user_id) VALUES ($1)", &[id.into()])?;
    moderation::submit(conn, id, &profile.host)?;
    Ok(id)
}

fn update(conn: &mut Conn<'_>, now: i64, id: Id, profile: &Profile) -> Result<(), Error> {
    conn.execute(
        "UPDATE social_users SET kind = $2, display_name = $3, bio = $4, avatar_url = $5, header_url = $6,
             profile_fields = $7, url = $8, also_known_as = $9, moved_to = $10, approves_follows = $11, updated_at = $12,
             name_key = $13
         WHERE id = $1",
        &[
            id.into(),
            v(&profile.kind),
            v(profile.display_name.as_deref()),
            v(profile.bio.as_deref()),
            v(profile.avatar_url.as_deref()),
            v(profile.header_url.as_deref()),
            v(&serde_json::to_string(&profile.fields)?),
            v(profile.url.as_deref()),
            v(&serde_json::to_string(&profile.also_known_as)?),
            v(profile.moved_to.as_deref()),
            v(i64::from(profile.approves_follows)),
            v(now),
            v(name_key(profile.display_name.as_deref()).as_deref()),
        ],
    )?;
    Ok(())
}

fn reach(conn: &mut Conn<'_>, now: i64, id: Id, reach: &Reach) -> Result<(), Error> {
    conn.execute(
        "INSERT INTO social_remote_actors (user_id, inbox, shared_inbox, outbox, followers, following, featured, key_id,
             public_key, fetched_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         ON CONFLICT (user_id) DO UPDATE SET inbox = excluded.inbox, shared_inbox = excluded.shared_inbox,
             outbox = excluded.outbox, followers = excluded.followers, following = excluded.following,
             featured = excluded.featured, key_id = excluded.key_id, public_key = excluded.public_key,
             fetched_at = excluded.fetched_at",
        &[
            id.into(),
            v(&reach.inbox),
            v(reach.shared_inbox.as_deref()),
            v(reach.outbox.as_deref()),
            v(reach.followers.as_deref()),
            v(reach.following.as_deref()),
            v(reach.featured.as_deref()),
            v(reach.key_id.as_deref()),
            v(reach.public_key.as_deref()),
            v(now),
        ],
    )?;
    Ok(())
}

/// Somebody elsewhere is gone, and with them all that was theirs.
pub fn remove(conn: &mut Conn<'_>, id: Id) -> Result<(), Error> {
    uncount(conn, id)?;
    conn.execute("DELETE FROM social_users WHERE id = $1", &[id.into()])?;
    Ok(())
}

/// Takes from the counts of others what somebody counts for whose rows are about to go.
pub(super) fn uncount(conn: &mut Conn<'_>, id: Id) -> Result<(), Error> {
    // The rows go by themselves; what was counted of them does not.
    let sql = "SELECT follower, followed FROM social_follows WHERE state = 'accepted' AND (follower = $1 OR followed = $1)";
    let follows = conn.query(sql, &[id.into()], |row| Ok::<_, Error>((row.int(0)?, row.int(1)?)))?;
    for (follower, followed) in follows {
        counts::follows(conn, follower, followed, -1)?;
    }
    let sql = "UPDATE social_thought_counts SET likes = likes - 1
               WHERE thought_id IN (SELECT thought_id FROM social_likes WHERE user_id = $1)";
    conn.execute(sql, &[id.into()])?;
    let sql = "UPDATE social_thought_counts SET boosts = boosts - 1
               WHERE thought_id IN (SELECT thought_id FROM social_boosts WHERE user_id = $1)";
    conn.execute(sql, &[id.into()])?;
    let sql = "UPDATE social_thought_counts SET replies = replies -
                   (SELECT count(*) FROM social_thoughts r WHERE r.in_reply_to_id = social_thought_counts.thought_id
                        AND r.user_id = $1 AND r.visibility IN ('public', 'unlisted'))
               WHERE thought_id IN (SELECT in_reply_to_id FROM social_thoughts WHERE user_id = $1)";
    conn.execute(sql, &[id.into()])?;
    Ok(())
}
