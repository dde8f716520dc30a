//! Who is calling: the shell's question, answered.

use futures::future::BoxFuture;
use http::request::Parts;
use server::{AuthError, Authenticator, Caller, Credential, Principal};

use crate::{
    Accounts, Error,
    api_keys::{KeyHash, Verdict, verify},
    authorization::{Presented, presented},
};

impl Authenticator for Accounts {
    fn authenticate<'a>(
        &'a self,
        parts: &'a Parts,
        accepts: &'a [Credential],
    ) -> BoxFuture<'a, Result<Option<Caller>, AuthError>> {
        Box::pin(async move {
            match presented(&parts.headers) {
                Presented::Nothing => Ok(None),
                Presented::ApiKey(_) if !accepts.contains(&Credential::ApiKey) => {
                    refuse("API keys are not accepted here")
                }
                Presented::ApiKey(key) => self.caller_of(key).await.map(Some),
                Presented::OtherToken => {
                    refuse("Unsupported token: this server accepts API keys (hv_…) and no other tokens")
                }
                Presented::Malformed => refuse("Malformed Authorization header"),
            }
        })
    }
}

fn refuse<T>(message: &'static str) -> Result<T, AuthError> {
    Err(AuthError::Invalid(message.into()))
}

impl Accounts {
    async fn caller_of(&self, key: &str) -> Result<Caller, AuthError> {
        let hash = KeyHash::of(key);
        let caller = match self.verified.get(&hash) {
            Some(caller) => caller,
            None => self.look_up(hash).await?,
        };
        if let Principal::ApiKey { key_id, user_id, .. } = &caller.principal {
            self.last_used.touch(key_id, user_id);
        }
        Ok(caller)
    }

    async fn look_up(&self, hash: KeyHash) -> Result<Caller, AuthError> {
        let began = self.verified.begin();
        let unavailable = |error: Error| AuthError::Unavailable(error.into());
        match verify(&self.state, hash).await.map_err(unavailable)? {
            Verdict::Unknown => refuse("Unknown API key"),
            Verdict::Revoked => refuse("This API key has been revoked"),
            Verdict::Valid(caller) => {
                self.verified.keep(hash, caller.clone(), began);
                Ok(caller)
            }
        }
    }
}
