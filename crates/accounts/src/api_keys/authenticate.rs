//! Turning a presented key into a caller.

use server::{AuthError, Caller, Principal};

use super::{
    ApiKeys,
    verify::{Verdict, verify},
};
use crate::{Error, secret_hash::SecretHash};

impl ApiKeys {
    /// The caller that a key stands for, with the rights that it and its owner have now.
    pub(crate) async fn authenticate(&self, key: &str) -> Result<Caller, AuthError> {
        let hash = SecretHash::of(key);
        let caller = match self.verified.get(&hash) {
            Some(caller) => caller,
            None => self.look_up(hash).await?,
        };
        if let Principal::ApiKey { key_id, user_id, .. } = &caller.principal {
            self.users.last_used.touch_key(key_id);
            self.users.last_used.touch_user(user_id);
        }
        Ok(caller)
    }

    async fn look_up(&self, hash: SecretHash) -> Result<Caller, AuthError> {
        let began = self.verified.begin();
        let unavailable = |error: Error| AuthError::Unavailable(error.into());
        match verify(&self.users.state, hash).await.map_err(unavailable)? {
            Verdict::Unknown => Err(AuthError::Invalid("Unknown API key".into())),
            Verdict::Revoked => Err(AuthError::Invalid("This API key has been revoked".into())),
            Verdict::Valid(caller) => {
                self.verified.keep(hash, caller.clone(), began);
                Ok(caller)
            }
        }
    }
}
