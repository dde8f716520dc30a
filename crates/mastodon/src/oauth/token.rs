//! Tokens: made, found, ended.

use std::sync::Arc;
use std::time::Duration;

use moka::sync::Cache;
use social::Id;
use store::{Conn, Database, v};

use super::scope::Scopes;
use super::secret;
use crate::refusal::Refusal;

/// How long a token that ended may go on at instances other than the one that ended it.
const REMEMBERED: Duration = Duration::from_secs(5);

/// Tokens remembered at once.
const MAX_REMEMBERED: u64 = 20_000;

/// Tokens that somebody may have for one client; the oldest give way.
const MAX_TOKENS: i64 = 50;

/// What a token stands for.
#[derive(Debug)]
pub(crate) struct Token {
    pub(crate) id: Id,
    pub(crate) app: Id,
    /// Nobody, if a client acts for itself.
    pub(crate) user: Option<Id>,
    pub(crate) scopes: Scopes,
}

/// Finds tokens. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Tokens {
    state: Database,
    /// By hash, so that memory holds nothing that grants access.
    found: Cache<String, Arc<Token>>,
}

impl Tokens {
    pub(crate) fn new(state: Database) -> Self {
        let found = Cache::builder().time_to_live(REMEMBERED).max_capacity(MAX_REMEMBERED).build();
        Self { state, found }
    }

    /// Nothing if it is unknown or has ended, or its owner may not act.
    pub(crate) async fn find(&self, token: &str) -> Result<Option<Arc<Token>>, store::Error> {
        let hash = secret::hash(token);
        if let Some(found) = self.found.get(&hash) {
            return Ok(Some(found));
        }
        let wanted = hash.clone();
        let found = self.state.read_brief(move |conn| find(conn, &wanted)).await?.map(Arc::new);
        if let Some(found) = &found {
            self.found.insert(hash, Arc::clone(found));
        }
        Ok(found)
    }

    /// The same without what is remembered.
    pub(crate) async fn find_anew(&self, token: &str) -> Result<Option<Arc<Token>>, store::Error> {
        self.found.invalidate(&secret::hash(token));
        self.find(token).await
    }

    /// Ends a token, if it is one of this client.
    pub(super) async fn end(&self, token: &str, app: Id) -> Result<Option<Id>, store::Error> {
        let hash = secret::hash(token);
        let by = hash.clone();
        let ended = self.state.write(move |conn| {
            conn.query_opt(
                "DELETE FROM social_oauth_tokens WHERE token_hash = $1 AND app_id = $2 RETURNING coalesce(user_id, 0)",
                &[v(&by), v(app)],
                |row| Ok::<_, store::Error>(Id(row.int(0)?)),
            )
        });
        let ended = ended.await?;
        self.found.invalidate(&hash);
        Ok(ended)
    }
}

/// Somebody who was suspended or left has no tokens, and a new password ends those from before.
fn find(conn: &mut Conn<'_>, hash: &str) -> Result<Option<Token>, store::Error> {
    conn.query_opt(
        "SELECT t.id, t.app_id, t.user_id, t.scopes FROM social_oauth_tokens t
         LEFT JOIN social_users u ON u.id = t.user_id
         LEFT JOIN social_credentials c ON c.user_id = t.user_id
         WHERE t.token_hash = $1 AND u.suspended_at IS NULL AND u.deleted_at IS NULL
           AND (c.changed_at IS NULL OR c.changed_at <= t.created_at)",
        &[v(hash)],
        |row| {
            let scopes = Scopes::parse(row.text(3)?).unwrap_or_else(Scopes::standard);
            let user = row.opt_int(2)?.map(Id);
            Ok(Token { id: Id(row.int(0)?), app: Id(row.int(1)?), user, scopes })
        },
    )
}

/// A new token, which nobody can see again.
pub(super) fn issue(
    conn: &mut Conn<'_>,
    app: Id,
    user: Option<Id>,
    scopes: &Scopes,
    now: i64,
) -> Result<String, Refusal> {
    let token = secret::random();
    let (hash, scopes) = (secret::hash(&token), scopes.to_string());
    let sql = "INSERT INTO social_oauth_tokens (id, token_hash, app_id, user_id, scopes, created_at)
               VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
    Id::insert(conn, "social_oauth_tokens", now, |conn, id| {
        conn.execute(sql, &[v(id), v(&hash), v(app), v(user), v(&scopes), v(now)])
    })?;
    conn.execute("UPDATE social_oauth_apps SET used_at = $2 WHERE id = $1", &[v(app), v(now)])?;
    conn.execute(
        "DELETE FROM social_oauth_tokens WHERE id IN (
             SELECT id FROM social_oauth_tokens WHERE app_id = $1 AND coalesce(user_id, 0) = $2
             ORDER BY id DESC LIMIT 1000 OFFSET $3
         )",
        &[v(app), v(user.unwrap_or(Id(0))), v(MAX_TOKENS)],
    )?;
    Ok(token)
}
