//! Passwords that were right a moment ago: a push is a dozen logins, and a PDS counts them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use atproto::Did;
use aws_lc_rs::hmac;
use cache::Cache;
use data_encoding::BASE64URL_NOPAD;
use tokio::sync::OwnedMutexGuard;

use crate::auth::Login;
use crate::auth::authorization::Basic;

/// For so long a password that was revoked at a PDS goes on working.
const KEPT: Duration = Duration::from_mins(5);

/// Remembers who has shown what, by a hash that nobody can make who has not the registry's key.
pub(super) struct Remembered {
    cache: Cache,
    key: hmac::Key,
    /// What is being checked now.
    checked: Mutex<HashMap<String, Weak<Turn>>>,
}

type Turn = tokio::sync::Mutex<()>;

impl Remembered {
    pub(super) fn new(cache: Cache, key: hmac::Key) -> Self {
        Self { cache, key, checked: Mutex::default() }
    }

    /// Waits until nobody else has the same checked: what was right for the first of many who come at once need not be asked again, and
    /// does not count as so many tries.
    pub(super) async fn turn(&self, basic: &Basic) -> OwnedMutexGuard<()> {
        let name = self.name(basic);
        let turn = {
            let mut checked = self.checked.lock().unwrap_or_else(PoisonError::into_inner);
            checked.retain(|_, turn| turn.strong_count() > 0);
            let turn = checked.get(&name).and_then(Weak::upgrade).unwrap_or_default();
            checked.insert(name, Arc::downgrade(&turn));
            turn
        };
        turn.lock_owned().await
    }

    pub(super) async fn get(&self, basic: &Basic) -> Result<Option<Login>, cache::Error> {
        let found = self.cache.get(&self.name(basic)).await?;
        Ok(found.and_then(|login| serde_json::from_slice(&login).ok()))
    }

    pub(super) async fn keep(&self, basic: &Basic, login: &Login) -> Result<(), cache::Error> {
        let json = serde_json::to_vec(login).unwrap_or_default();
        self.cache.set(&self.name(basic), json.into(), KEPT).await
    }

    /// What an app password of an account is known by.
    pub(super) fn id(&self, did: &Did, password: &str) -> String {
        BASE64URL_NOPAD.encode(&self.hash(&["session", did.as_str(), password])[..16])
    }

    fn name(&self, basic: &Basic) -> String {
        format!("registry:login:{}", BASE64URL_NOPAD.encode(&self.hash(&[&basic.name, &basic.secret])))
    }

    fn hash(&self, texts: &[&str]) -> Vec<u8> {
        let mut context = hmac::Context::with_key(&self.key);
        for (at, text) in texts.iter().enumerate() {
            // None has control characters, so no two lists are the same text.
            if at > 0 {
                context.update(&[0]);
            }
            context.update(text.as_bytes());
        }
        context.sign().as_ref().to_vec()
    }
}
