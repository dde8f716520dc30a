//! What this server signs with (spec/social.md §4.3, §4.8).

mod instance;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use activitypub::signature::{KeyId, PrivateKey};
use moka::future::Cache;
use social::{Id, Social, users};
use store::v;
use uuid::Uuid;

use crate::Error;

pub(crate) use self::instance::{INSTANCE_NAME, INSTANCE_UUID};

/// Keys that are kept taken apart, and for how long if nobody signs with them.
const KEPT: u64 = 5_000;
const KEPT_FOR: Duration = Duration::from_hours(1);

/// An actor of this server, ready to sign.
#[derive(Debug)]
pub(crate) struct Signing {
    /// What its key is called.
    pub(crate) key_id: KeyId,
    /// The key.
    pub(crate) key: PrivateKey,
}

/// The keys of everybody at home. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Keys {
    social: Social,
    /// The row of the instance actor, once it is known.
    instance: Arc<OnceLock<Id>>,
    ready: Cache<Id, Arc<Signing>>,
}

impl Keys {
    pub(crate) fn new(social: Social) -> Self {
        Self {
            social,
            instance: Arc::default(),
            ready: Cache::builder().max_capacity(KEPT).time_to_idle(KEPT_FOR).build(),
        }
    }

    /// What signs for the server itself. The actor and its key are made when they are first needed.
    pub(crate) async fn instance(&self) -> Result<Arc<Signing>, Error> {
        let id = match self.instance.get() {
            Some(id) => *id,
            None => {
                let id = self.social.state().write(instance::ensure).await?;
                *self.instance.get_or_init(|| id)
            }
        };
        self.of(id).await
    }

    /// What signs for somebody at home. A key that is not there is made, once, whoever asks first.
    pub(crate) async fn of(&self, user: Id) -> Result<Arc<Signing>, Error> {
        let keys = self.clone();
        let ready = self.ready.try_get_with(user, async move { keys.load_or_make(user).await.map(Arc::new) });
        ready.await.map_err(|error: Arc<Error>| {
            tracing::debug!(%error, "a key cannot be had");
            Error::Broken("the key of somebody here cannot be had")
        })
    }

    async fn load_or_make(&self, user: Id) -> Result<Signing, Error> {
        let (uuid, keys) = match self.find(user).await? {
            Some(found) => found,
            None => {
                self.make(user).await?;
                self.find(user).await?.ok_or(Error::Broken("nobody at home has this key"))?
            }
        };
        let key = keys.open(self.social.vault(), &uuid)?;
        Ok(Signing { key_id: KeyId::parse(&self.social.addresses().key(&uuid))?, key })
    }

    async fn find(&self, user: Id) -> Result<Option<(String, users::Keys)>, Error> {
        Ok(self.social.state().read_brief(move |conn| users::keys(conn, user)).await?)
    }

    async fn make(&self, user: Id) -> Result<(), Error> {
        let uuid = self.social.state().read_brief(move |conn| {
            let find = "SELECT uuid FROM social_users WHERE id = $1 AND host IS NULL AND deleted_at IS NULL";
            conn.query_opt(find, &[v(user)], |row| row.string(0))
        });
        let uuid = uuid
            .await?
            .and_then(|uuid| Uuid::parse_str(&uuid).ok())
            .ok_or(Error::Broken("nobody at home is this"))?;
        let vault = self.social.vault().clone();
        let made = tokio::task::spawn_blocking(move || users::Keys::generate(&vault, &uuid)).await;
        let made = made.map_err(|_| Error::Ended)??;
        let keep = move |conn: &mut store::Conn<'_>| users::put_keys(conn, clock::now_micros(), user, &made);
        Ok(self.social.state().write(keep).await?)
    }
}
