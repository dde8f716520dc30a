//! Passwords as they are kept: argon2id, checked a few at once.
//!
//! A check takes memory and a core for a while, on purpose. So there are turns, and callers who would wait too long are sent away
//! instead of piling up. That there is nobody of a name is not told from a wrong password, neither by the answer nor by how long it
//! takes.

use std::sync::Arc;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;

/// Why a password is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// It is too short or too long, or cannot be hashed. What to tell whoever chose it.
    #[error("{0}")]
    Refused(String),
    /// As many are waiting for their turn as may.
    #[error("too many sign-ins at once, try again later")]
    Busy,
}

/// Hashes that are computed at once: each takes 19 MiB and a core for a while.
const AT_ONCE: usize = 2;

/// Callers that may wait for one of them.
const WAITING: usize = 64;

/// A shorter password can be guessed.
const MIN_BYTES: usize = 8;
const MAX_BYTES: usize = 1024;

/// Computes hashes, in turns. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Hasher {
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
    pub async fn hash(&self, password: &str) -> Result<String, PasswordError> {
        if !(MIN_BYTES..=MAX_BYTES).contains(&password.len()) {
            let rule = format!("a password has {MIN_BYTES} to {MAX_BYTES} bytes");
            return Err(PasswordError::Refused(rule));
        }
        let password = password.to_owned();
        let hash = self.in_turn(move || Argon2::default().hash_password(password.as_bytes()));
        let hash: PasswordHash = hash
            .await?
            .map_err(|error| PasswordError::Refused(format!("the password cannot be hashed: {error}")))?;
        Ok(hash.to_string())
    }

    /// Whether this is the password of that hash: a PHC string, or bcrypt of a server that was taken over. Takes as long without a hash as with one, so that nobody learns which names there are.
    pub async fn verify(&self, password: &str, hash: Option<String>) -> Result<bool, PasswordError> {
        // Nobody has a password of this length, and it would take long to find that out.
        let password = if password.len() > MAX_BYTES { String::new() } else { password.to_owned() };
        self.in_turn(move || {
            if let Some(hash) = hash.as_deref().filter(|hash| hash.starts_with("$2")) {
                return bcrypt::verify(&password, hash).unwrap_or(false);
            }
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

    async fn in_turn<T: Send + 'static>(
        &self,
        f: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, PasswordError> {
        let _place = self.waiting.try_acquire().map_err(|_| PasswordError::Busy)?;
        // Kept by the work itself: it goes on when whoever asked has left.
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(|_| PasswordError::Busy)?;
        let work = move || {
            let result = f();
            drop(turn);
            result
        };
        tokio::task::spawn_blocking(work).await.map_err(|_| PasswordError::Busy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_password_is_it() {
        let hasher = Hasher::default();
        let hash = hasher.hash("correct horse").await.unwrap();
        assert!(hash.starts_with("$argon2id$") && !hash.contains("horse"));
        assert!(hasher.verify("correct horse", Some(hash.clone())).await.unwrap());
        let old = bcrypt::hash("correct horse", 4).unwrap();
        assert!(hasher.verify("correct horse", Some(old.clone())).await.unwrap());
        for wrong in ["", "correct horsf", &"x".repeat(2_000)] {
            for hash in
                [Some(hash.clone()), Some(old.clone()), None, Some("nonsense".into()), Some(String::new())]
            {
                assert!(!hasher.verify(wrong, hash).await.unwrap(), "{wrong}");
            }
        }
        for refused in ["short", &"x".repeat(1_025)] {
            assert!(matches!(hasher.hash(refused).await, Err(PasswordError::Refused(_))), "{refused}");
        }
    }
}
