//! People, those of the server and those that it knew from elsewhere.

use accounts::Imported;
use accounts::imported::Item;
use activitypub::signature::PrivateKey;
use activitypub::text::sanitize;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use store::{Conn, v};

use super::Place;
use super::item::Trouble;
use super::value::Moment;
use crate::users::{Field, INSTANCE, Keys, name_key, put_keys};
use crate::{Error, Id};

/// Lines of a profile, and moods, that are taken over: more than an old server let anybody have.
const MAX_FIELDS: usize = 16;
const MAX_MOODS: usize = 16;

#[derive(Deserialize)]
pub(super) struct User {
    id: String,
    username: String,
    email: String,
    password_hash: String,
    display_name: Option<String>,
    bio: Option<String>,
    avatar_url: Option<String>,
    header_url: Option<String>,
    custom_css: Option<String>,
    ap_id: Option<String>,
    private_key: Option<String>,
    local: bool,
    also_known_as: Option<String>,
    profile_fields: Option<Box<RawValue>>,
    custom_moods: Option<Box<RawValue>>,
    created_at: Moment,
    updated_at: Moment,
}

impl Item for User {
    type Context = Place;
    type Error = Error;

    fn name(&self) -> String {
        self.username.clone()
    }

    fn put(&self, conn: &mut Conn<'_>, place: &Place) -> Result<Imported, Trouble> {
        let (username, host) = self.handle()?;
        let handle_key = host.map_or_else(|| username.to_owned(), |host| format!("{username}@{host}"));
        let handle_key = handle_key.to_lowercase();
        let sql = "SELECT uuid FROM social_users WHERE uuid = $1 OR handle_key = $2 ORDER BY uuid = $1 DESC";
        match conn.query_opt(sql, &[v(&self.id), v(&handle_key)], |row| row.string(0))? {
            Some(uuid) if uuid == self.id => return Ok(Imported::Kept),
            Some(_) => return Err(Trouble::refused("somebody else has that name here")),
            None => {}
        }
        // Nobody else signs in with it, so whoever has it here has another account.
        let sql = "SELECT user_id FROM social_credentials WHERE email = $1";
        let signs_in = self.local && self.id != INSTANCE;
        if signs_in && conn.query_opt(sql, &[v(&self.email.to_lowercase())], |row| row.int(0))?.is_some() {
            return Err(Trouble::refused("somebody else has that e-mail address here"));
        }
        let private_key = self.private_key.as_deref().filter(|_| self.local);
        let key = private_key.map(PrivateKey::from_pem).transpose();
        let key = key.map_err(|error| Trouble::refused(format!("its private key: {error}")))?;
        let keys = key.map(|key| Keys::seal(&place.vault, &self.id, &key)).transpose()?;
        let id = self.insert(conn, username, host, &handle_key)?;
        conn.execute("INSERT INTO social_user_counts (user_id) VALUES ($1)", &[v(id)])?;
        if signs_in {
            self.insert_credentials(conn, id)?;
        }
        if let Some(keys) = keys {
            put_keys(conn, self.created_at.0, Id(id), &keys)?;
        }
        Ok(Imported::Added)
    }
}

/// The names and values in a list of them. Whatever else is in it is left behind.
fn fields(json: Option<&RawValue>) -> impl Iterator<Item = Field> + use<> {
    let list: Vec<Value> = json.and_then(|json| serde_json::from_str(json.get()).ok()).unwrap_or_default();
    list.into_iter().filter_map(|field| serde_json::from_value(field).ok())
}

impl User {
    /// Name and host, the latter only of those elsewhere.
    fn handle(&self) -> Result<(&str, Option<&str>), Trouble> {
        if self.local {
            return Ok((&self.username, None));
        }
        if self.ap_id.is_none() {
            return Err(Trouble::refused("it is at home elsewhere and has no address"));
        }
        let parts = self.username.trim_start_matches('@').rsplit_once('@');
        let (name, host) =
            parts.ok_or_else(|| Trouble::refused("its name does not say where it is at home"))?;
        Ok((name, Some(host)))
    }

    fn insert(
        &self,
        conn: &mut Conn<'_>,
        username: &str,
        host: Option<&str>,
        handle_key: &str,
    ) -> Result<i64, Trouble> {
        let bio = self.bio.as_deref();
        let bio = if self.local { bio.map(str::to_owned) } else { bio.map(sanitize) };
        let css = self.custom_css.as_deref().filter(|_| self.local);
        let css = css.and_then(|css| crate::css::sanitize(css, username).ok());
        let kind = if self.id == INSTANCE { "Service" } else { "Person" };
        let clean = |text: String| if self.local { text } else { sanitize(&text) };
        let json = |value: &Option<Box<RawValue>>, most| {
            let fields = fields(value.as_deref()).take(most);
            let fields = fields.map(|field| Field { value: clean(field.value), ..field });
            serde_json::to_string(&fields.collect::<Vec<_>>()).map_err(Error::from)
        };
        let also_known_as: Vec<&str> = self.also_known_as.as_deref().into_iter().collect();
        let fields = (json(&self.profile_fields, MAX_FIELDS)?, json(&self.custom_moods, MAX_MOODS)?);
        let also_known_as = serde_json::to_string(&also_known_as).map_err(Error::from)?;
        let name_key = name_key(self.display_name.as_deref());
        let sql =
            "INSERT INTO social_users (id, uuid, username, host, handle_key, kind, display_name, bio, avatar_url,
                 header_url, custom_css, profile_fields, custom_moods, ap_id, also_known_as, created_at, updated_at, name_key)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
             ON CONFLICT DO NOTHING";
        let made = Id::insert(conn, "social_users", self.created_at.0, |conn, id| {
            let params = [
                id.into(),
                v(&self.id),
                v(username),
                v(host),
                v(handle_key),
                v(kind),
                v(self.display_name.as_deref()),
                v(bio.as_deref()),
                v(self.avatar_url.as_deref()),
                v(self.header_url.as_deref()),
                v(css.as_deref()),
                v(&fields.0),
                v(&fields.1),
                v(self.ap_id.as_deref().filter(|_| !self.local)),
                v(&also_known_as),
                v(self.created_at.0),
                v(self.updated_at.0),
                v(name_key.as_deref()),
            ];
            conn.execute(sql, &params)
        })?;
        Ok(made.ok_or_else(|| Trouble::refused("somebody else has its address here"))?.0)
    }

    fn insert_credentials(&self, conn: &mut Conn<'_>, id: i64) -> Result<(), Trouble> {
        let hash = Some(&*self.password_hash).filter(|hash| hash.starts_with('$'));
        conn.execute(
            "INSERT INTO social_credentials (user_id, email, password_hash, changed_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT DO NOTHING",
            &[v(id), v(&self.email.to_lowercase()), v(hash), v(self.created_at.0)],
        )?;
        Ok(())
    }
}
