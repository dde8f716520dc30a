//! Signing in with a password.

use store::{Conn, v};

use super::identity::Identity;
use crate::{Error, Id, Social};

const WRONG: Error = Error::Unauthenticated("the name or the password is wrong");

struct Found {
    uuid: String,
    hash: Option<String>,
}

/// The uuid of whoever has this e-mail address or name, and this password. Takes as long for those who are not there.
pub async fn login(social: &Social, name: &str, password: &str) -> Result<String, Error> {
    let name = name.trim().to_lowercase();
    let found = social.ask(move |conn| find(conn, &name)).await?;
    let (uuid, hash) = found.map_or((None, None), |found| (Some(found.uuid), found.hash));
    match uuid {
        Some(uuid) if social.hasher().verify(password, hash).await? => Ok(uuid),
        Some(_) => Err(WRONG),
        None => {
            social.hasher().verify(password, None).await?;
            Err(WRONG)
        }
    }
}

/// Whether that is the password of somebody who is signed in.
pub async fn confirm(social: &Social, user: Id, password: &str) -> Result<(), Error> {
    let sql = "SELECT password_hash FROM social_credentials WHERE user_id = $1";
    let hash = social.ask(move |conn| {
        conn.query_opt(sql, &[user.into()], |row| Ok::<_, Error>(row.opt_text(0)?.map(str::to_owned)))
    });
    let is_right = social.hasher().verify(password, hash.await?.flatten()).await?;
    if is_right { Ok(()) } else { Err(Error::Unauthenticated("the password is wrong")) }
}

fn find(conn: &mut Conn<'_>, name: &str) -> Result<Option<Found>, Error> {
    let column = if name.contains('@') { "c.email" } else { "u.handle_key" };
    let sql = format!(
        "SELECT u.uuid, c.password_hash FROM social_users u JOIN social_credentials c ON c.user_id = u.id
         WHERE {column} = $1 AND u.host IS NULL AND u.deleted_at IS NULL"
    );
    conn.query_opt(&sql, &[v(name)], |row| {
        Ok(Found { uuid: row.string(0)?, hash: row.opt_text(1)?.map(str::to_owned) })
    })
}

/// Whoever may go on with a token, by uuid: nobody who was suspended.
pub(super) async fn identity(social: &Social, uuid: String) -> Result<Identity, Error> {
    let found = social.ask(move |conn| Identity::by_uuid(conn, &uuid)).await?;
    found.ok_or(Error::Forbidden("this account is suspended"))
}
