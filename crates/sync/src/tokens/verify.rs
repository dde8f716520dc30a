//! Whose token is it?

use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use moka::sync::Cache;
use store::{Conn, Database, v};

use super::imported::{self, Signed};
use super::mint::{hash, id_of};
use crate::Error;

/// How long a revoked token may go on at instances other than the one that revoked it.
const REMEMBERED: Duration = Duration::from_secs(5);

/// Tokens remembered at once.
const MAX_REMEMBERED: u64 = 20_000;

/// Uses closer together than this are one use, in microseconds.
const USE: i64 = 3600 * 1_000_000;

/// Whose token it is.
#[derive(Clone, Debug)]
pub(crate) struct Identity {
    pub(crate) account: Arc<str>,
    pub(crate) token: Arc<str>,
}

/// Verifies tokens. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Tokens {
    pub(super) state: Database,
    /// By hash, so that memory holds nothing that grants access.
    pub(super) verified: Cache<String, Identity>,
}

impl Tokens {
    pub(crate) fn new(state: Database) -> Self {
        let verified = Cache::builder().time_to_live(REMEMBERED).max_capacity(MAX_REMEMBERED).build();
        Self { state, verified }
    }

    /// Nothing if it is no token, unknown, or was revoked before a few seconds.
    pub(crate) async fn verify(&self, token: &str) -> Result<Option<Identity>, Error> {
        match self.verified.get(&hash(token)) {
            Some(identity) => Ok(Some(identity)),
            None => self.verify_anew(token).await,
        }
    }

    /// The same, whatever is remembered: for whoever is let in for longer than that.
    pub(crate) async fn verify_anew(&self, token: &str) -> Result<Option<Identity>, Error> {
        let hash = hash(token);
        let Some(id) = id_of(token) else { return self.verify_imported(token, hash).await };
        let (name, now) = (id.to_owned(), clock::now_micros());
        let found = self.state.read_brief(move |conn| find(conn, &name)).await?;
        let Some(found) = found else { return Ok(None) };
        if verify_slices_are_equal(found.hash.as_bytes(), hash.as_bytes()).is_err() {
            return Ok(None);
        }
        if now - found.last_used_at > USE {
            self.note_use(id.to_owned(), now);
        }
        let identity = Identity { account: found.account.into(), token: id.into() };
        self.verified.insert(hash, identity.clone());
        Ok(Some(identity))
    }

    /// A token that is none of this server's may be one of a server whose accounts were taken over.
    async fn verify_imported(&self, token: &str, hash: String) -> Result<Option<Identity>, Error> {
        let now = clock::now_micros();
        let Some(signed) = Signed::read(token, now).map(Arc::new) else { return Ok(None) };
        let (id, of, by) = (imported::id(&hash), signed.clone(), hash.clone());
        let name = id.clone();
        let (is_good, found) = self
            .state
            .read_brief(move |conn| Ok::<_, Error>((of.is_good(conn, &by)?, find(conn, &name)?)))
            .await?;
        if !is_good {
            return Ok(None);
        }
        match found {
            Some(found) if now - found.last_used_at > USE => self.note_use(id.clone(), now),
            Some(_) => {}
            None => {
                let (of, by) = (signed.clone(), hash.clone());
                if !self.state.write(move |conn| of.adopt(conn, &by, now)).await? {
                    return Ok(None);
                }
            }
        }
        let identity = Identity { account: signed.account.as_str().into(), token: id.into() };
        self.verified.insert(hash, identity.clone());
        Ok(Some(identity))
    }

    /// Writes down, some time soon, that it was used.
    fn note_use(&self, id: String, now: i64) {
        let state = self.state.clone();
        tokio::spawn(async move {
            let sql = "UPDATE sync_tokens SET last_used_at = $2 WHERE id = $1";
            let noted = state.write(move |conn| conn.execute(sql, &[v(&id), v(now)])).await;
            if let Err(error) = noted {
                tracing::debug!(%error, "the use of a token was not noted");
            }
        });
    }
}

struct Found {
    account: String,
    hash: String,
    last_used_at: i64,
}

fn find(conn: &mut Conn<'_>, id: &str) -> Result<Option<Found>, Error> {
    conn.query_opt("SELECT account_id, hash, last_used_at FROM sync_tokens WHERE id = $1", &[v(id)], |row| {
        Ok(Found { account: row.string(0)?, hash: row.string(1)?, last_used_at: row.int(2)? })
    })
}
