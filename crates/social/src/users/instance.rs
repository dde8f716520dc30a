//! The server itself, as an actor: what asks other servers on behalf of everybody here.

use store::v;
use uuid::Uuid;

use super::{INSTANCE, Keys, NewUser, by_uuid, create};
use crate::{Error, Social};

/// Makes its row and its keys, if they are not there. Several instances that start at once end with the same ones.
pub(crate) async fn ensure_instance(social: &Social) -> Result<(), Error> {
    let there = social.ask(|conn| Ok(by_uuid(conn, INSTANCE)?.is_some())).await?;
    if there {
        return Ok(());
    }
    let uuid = Uuid::parse_str(INSTANCE).map_err(|_| Error::NotFound("instance"))?;
    let vault = social.vault().clone();
    let keys = tokio::task::spawn_blocking(move || Keys::generate(&vault, &uuid)).await;
    let new = NewUser {
        username: "instance".into(),
        email: None,
        password_hash: None,
        did: None,
        approves_follows: true,
        keys: keys.map_err(|_| Error::Ended)??,
        uuid,
    };
    let now = clock::now_micros();
    social
        .change(move |conn| match by_uuid(conn, INSTANCE)? {
            Some(_) => Ok(()),
            None => {
                let id = create(conn, now, &new)?;
                let sql = "UPDATE social_users SET kind = 'Service' WHERE id = $1";
                conn.execute(sql, &[id.into()])?;
                Ok(())
            }
        })
        .await
}

/// Where this server is at home, which it remembers from the first start at an address that somebody chose: everything that was ever
/// written here is known elsewhere by addresses below it (spec/social.md §8).
pub(crate) async fn home(social: &Social, is_chosen: bool) -> Result<String, Error> {
    let base = social.addresses().base().to_owned();
    social
        .change(move |conn| {
            let known =
                conn.query_one("SELECT url FROM social_users WHERE uuid = $1", &[v(INSTANCE)], |row| {
                    Ok::<_, Error>(row.opt_text(0)?.map(str::to_owned))
                })?;
            if let Some(known) = known {
                return Ok(known);
            }
            if is_chosen {
                conn.execute("UPDATE social_users SET url = $2 WHERE uuid = $1", &[v(INSTANCE), v(&base)])?;
            }
            Ok(base.clone())
        })
        .await
}
