//! Whose key a request was signed with (spec/social.md §4.8).

use std::sync::{Arc, OnceLock};

use activitypub::object::{Actor, ActorKey};
use activitypub::signature::{KeyId, PublicKey};
use store::v;

use super::{Actors, FRESH};
use crate::bounds::{Origin, TooMuch};
use crate::fetch::{Budget, FetchError};

/// A key and its owner, who says that it is theirs.
#[derive(Debug)]
pub(crate) struct KeyOwner {
    pub(crate) key: PublicKey,
    /// The owner's address.
    pub(crate) owner: activitypub::Address,
    /// The owner as they described themselves with it; nothing yet if the key is remembered from earlier.
    pub(crate) actor: OnceLock<Arc<Actor>>,
    /// Since when it is known, in microseconds.
    pub(crate) since: i64,
}

/// Why there is no key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unknown {
    /// Its server says that it is not there any more.
    #[error("the key is gone")]
    Gone,
    /// Its server could not be asked.
    #[error("the key cannot be fetched: {0}")]
    Unreachable(String),
    /// What is there is no key of that name with an owner on the same server who has it.
    #[error("the key cannot be used: {0}")]
    Useless(String),
    /// It was not asked for, or not to the end: that was this server's own doing.
    #[error("the key could not be asked for")]
    Spent,
    /// It was not asked for, because too many are.
    #[error("too many keys are asked for")]
    TooMuch(TooMuch),
}

impl Actors {
    /// The key of this name, for a request that came `from` somewhere. `fresh` asks its server although it is known, because it did not
    /// verify what it should.
    pub(crate) async fn key(
        &self,
        budget: &Budget,
        from: &Origin,
        id: &KeyId,
        fresh: bool,
    ) -> Result<Arc<KeyOwner>, Unknown> {
        let (name, began) = (id.address().as_str(), clock::now_micros());
        if let Some(known) = self.0.keys.get(name).filter(|_| !fresh) {
            return Ok(known);
        }
        let turn = self.0.turns.get_with(name.to_owned(), Arc::default);
        let _turn = turn.lock().await;
        // Whoever was here before may have found it.
        if let Some(known) = self.0.keys.get(name).filter(|known| !fresh || known.since >= began) {
            return Ok(known);
        }
        if !fresh {
            if let Some(error) = self.0.missed.get(name).or_else(|| self.0.silent.get(name)) {
                return Err(error);
            }
            if let Some(kept) = self.kept(id).await {
                self.0.keys.insert(name.to_owned(), Arc::clone(&kept));
                return Ok(kept);
            }
        }
        self.0.bounds.may_ask(from, id.address().authority()).await.map_err(Unknown::TooMuch)?;
        match Box::pin(self.fetch_key(budget, id)).await {
            Ok(found) => {
                let found = Arc::new(found);
                self.0.missed.invalidate(name);
                self.0.keys.insert(name.to_owned(), Arc::clone(&found));
                Ok(found)
            }
            Err(error) => {
                let remembered = match &error {
                    Unknown::Unreachable(_) => &self.0.silent,
                    _ => &self.0.missed,
                };
                // A request that may not cause more says nothing of the next one.
                if !matches!(error, Unknown::Spent) {
                    remembered.insert(name.to_owned(), error.clone());
                }
                Err(error)
            }
        }
    }

    /// Forgets the keys of somebody who has new ones or is gone.
    pub(crate) fn forget_key(&self, name: &str) {
        self.0.keys.invalidate(name);
    }

    async fn kept(&self, id: &KeyId) -> Option<Arc<KeyOwner>> {
        let (name, since) = (id.address().as_str().to_owned(), clock::now_micros() - FRESH);
        let find = move |conn: &mut store::Conn<'_>| {
            conn.query_opt(
                "SELECT r.public_key, u.ap_id, r.fetched_at FROM social_remote_actors r JOIN social_users u ON u.id = r.user_id
                 WHERE r.key_id = $1 AND r.fetched_at > $2 AND r.public_key IS NOT NULL AND u.ap_id IS NOT NULL AND u.deleted_at IS NULL",
                &[v(&name), v(since)],
                |row| Ok::<_, store::Error>((row.string(0)?, row.string(1)?, row.int(2)?)),
            )
        };
        let (pem, owner, since) = self.state().read_brief(find).await.ok()??;
        let (key, owner) = (PublicKey::from_pem(&pem).ok()?, activitypub::Address::parse(&owner).ok()?);
        Some(Arc::new(KeyOwner { key, owner, actor: OnceLock::new(), since }))
    }

    async fn fetch_key(&self, budget: &Budget, id: &KeyId) -> Result<KeyOwner, Unknown> {
        let useless = |what: &str| Unknown::Useless(what.to_owned());
        let fetched = self.0.fetcher.object(budget, &id.document()).await.map_err(unknown)?;
        let node = fetched.document.node();
        let (key, actor) = match Actor::read(node) {
            Ok(actor) => {
                let key =
                    actor.key(id).cloned().ok_or_else(|| useless("its document has no key of that name"))?;
                (key, actor)
            }
            Err(_) => {
                let key = ActorKey::read(node)
                    .ok_or_else(|| useless("its document is neither an actor nor a key"))?;
                let owner = self.0.fetcher.object(budget, &key.owner).await.map_err(unknown)?;
                let node = owner.document.node();
                let actor = Actor::read(node).map_err(|error| useless(&error.to_string()))?;
                let named = node.addresses("publicKey").any(|named| named == key.id);
                let belongs = named && actor.id == key.owner && id.belongs_to(&key.id, &actor.id);
                if !belongs {
                    return Err(useless("its owner does not say that it is theirs"));
                }
                (key, actor)
            }
        };
        let public = key.public_key().map_err(|error| useless(&error.to_string()))?;
        let owner = actor.id.clone();
        Ok(KeyOwner {
            key: public,
            owner,
            actor: OnceLock::from(Arc::new(actor)),
            since: clock::now_micros(),
        })
    }
}

fn unknown(error: FetchError) -> Unknown {
    match error {
        FetchError::Gone => Unknown::Gone,
        FetchError::Budget | FetchError::Unsigned => Unknown::Spent,
        error if error.is_transient() => Unknown::Unreachable(error.to_string()),
        error => Unknown::Useless(error.to_string()),
    }
}
