//! Somebody new, at home here.

use store::{Conn, v};
use uuid::Uuid;

use super::Keys;
use crate::{Error, Id};

/// What somebody begins with. What it may be is checked by whoever asks for it.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// Without host, as they write it.
    pub username: String,
    /// Lower case.
    pub email: Option<String>,
    /// A PHC string.
    pub password_hash: Option<String>,
    /// If they sign in with an account of the AT Protocol.
    pub did: Option<String>,
    /// Whether they approve of each follower.
    pub approves_follows: bool,
    /// What they will sign with: made beforehand, because that takes a while.
    pub keys: Keys,
    /// Their uuid, for which the keys are sealed.
    pub uuid: Uuid,
}

/// Makes the rows of somebody. Names and e-mail addresses that are taken are refused.
pub fn create(conn: &mut Conn<'_>, now: i64, new: &NewUser) -> Result<Id, Error> {
    let handle_key = new.username.to_lowercase();
    let taken = |conn: &mut Conn<'_>, sql: &str, value: &str| {
        Ok::<_, Error>(conn.query_opt(sql, &[v(value)], |row| row.int(0))?.is_some())
    };
    if taken(conn, "SELECT id FROM social_users WHERE handle_key = $1", &handle_key)? {
        return Err(Error::Taken("username taken"));
    }
    if let Some(email) = &new.email
        && taken(conn, "SELECT user_id FROM social_credentials WHERE email = $1", email)?
    {
        return Err(Error::Taken("email taken"));
    }
    let uuid = new.uuid.to_string();
    let sql =
        "INSERT INTO social_users (id, uuid, did, username, handle_key, approves_follows, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7) ON CONFLICT DO NOTHING";
    let made = Id::insert(conn, "social_users", now, |conn, id| {
        let (did, approves) = (new.did.as_deref(), i64::from(new.approves_follows));
        let params = [id.into(), v(&uuid), v(did), v(&new.username), v(&handle_key), v(approves), v(now)];
        conn.execute(sql, &params)
    })?;
    let id = made.ok_or(Error::Taken("this account of the AT Protocol has a profile here"))?;
    conn.execute("INSERT INTO social_user_counts (user_id) VALUES ($1)", &[id.into()])?;
    conn.execute(
        "INSERT INTO social_credentials (user_id, email, password_hash, changed_at) VALUES ($1, $2, $3, $4)",
        &[id.into(), v(new.email.as_deref()), v(new.password_hash.as_deref()), v(now)],
    )?;
    super::put_keys(conn, now, id, &new.keys)?;
    Ok(id)
}
