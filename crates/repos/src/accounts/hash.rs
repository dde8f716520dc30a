//! Passwords as they are kept: argon2id, a few at once.

use std::sync::Arc;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;

use crate::Error;

/// Hashes that are computed at once: each takes 19 MiB and a core for a while.
const AT_ONCE: usize = 2;

/// Callers that may wait for one of them.
const WAITING: usize = 64;

/// A shorter password can be guessed.
const MIN_BYTES: usize = 8;
const MAX_BYTES: usize = 1024;

/// Computes hashes, in turns. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Hasher {
    turns: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
}

impl Default for Hasher {
    fn default() -> Self {
        let waiting = Semaphore::new(AT_ONCE + WAITING);
        Self { turns: Arc::new(Semaphore::new(AT_ONCE)), waiting: Arc::new(waiting) }
    }
}

impl Hasher {
    /// The hash of a password that somebody chose, with a salt of its own, as a PHC string.
    pub(super) async fn hash(&self, password: &str) -> Result<String, Error> {
        if !(MIN_BYTES..=MAX_BYTES).contains(&password.len()) {
            let rule = format!("a password has {MIN_BYTES} to {MAX_BYTES} bytes");
            return Err(Error::Password(rule));
        }
        let password = password.to_owned();
        let hash = self.in_turn(move || Argon2::default().hash_password(password.as_bytes()));
        let hash: PasswordHash = hash
            .await?
            .map_err(|error| Error::Password(format!("the password cannot be hashed: {error}")))?;
        Ok(hash.to_string())
    }

    /// Whether this is the password. Takes as long without a hash as with one, so that nobody learns which names there are.
    pub(super) async fn verify(&self, password: &str, hash: Option<String>) -> Result<bool, Error> {
        // Nobody has a password of this length, and it would take long to find that out.
        let password = if password.len() > MAX_BYTES { String::new() } else { password.to_owned() };
        self.in_turn(move || {
            let known = hash.as_deref().and_then(|hash| PasswordHash::new(hash).ok());
            match known {
                Some(known) => Argon2::default().verify_password(password.as_bytes(), &known).is_ok(),
                None => {
                    let hash: Result<PasswordHash, _> = Argon2::default().hash_password(password.as_bytes());
                    drop(std::hint::black_box(hash));
                    false
                }
            }
        })
        .await
    }

    async fn in_turn<T: Send + 'static>(&self, f: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
        let busy = || Error::Busy("sign-ins");
        let _place = self.waiting.try_acquire().map_err(|_| busy())?;
        // Kept by the work itself: it goes on when whoever asked has left.
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(|_| busy())?;
        let work = move || {
            let result = f();
            drop(turn);
            result
        };
        tokio::task::spawn_blocking(work).await.map_err(|_| busy())
    }
}
