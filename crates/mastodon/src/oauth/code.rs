//! Codes: what somebody's consent is exchanged for a token with, once and soon.

use social::Id;
use store::{Conn, v};

use super::scope::Scopes;
use super::secret;
use crate::refusal::Refusal;

/// How long one is good for, in microseconds (RFC 6749 §4.1.2 recommends no more).
const GOOD_FOR: i64 = 10 * 60 * 1_000_000;

/// What somebody consented to.
#[derive(Clone, Debug)]
pub(super) struct Consent {
    pub(super) app: Id,
    pub(super) user: Id,
    pub(super) scopes: Scopes,
    pub(super) redirect_uri: String,
    /// Of PKCE, S256.
    pub(super) challenge: Option<String>,
}

impl Consent {
    /// The code for it.
    pub(super) fn write(&self, conn: &mut Conn<'_>, now: i64) -> Result<String, store::Error> {
        let code = secret::random();
        conn.execute(
            "INSERT INTO social_oauth_codes (code_hash, app_id, user_id, scopes, redirect_uri, challenge, ends_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            &[
                v(&secret::hash(&code)),
                v(self.app),
                v(self.user),
                v(&self.scopes.to_string()),
                v(&self.redirect_uri),
                v(self.challenge.as_deref()),
                v(now + GOOD_FOR),
            ],
        )?;
        Ok(code)
    }

    /// What a code stands for. It is gone afterwards, whatever it is good for: whoever shows it wrongly has stolen it.
    pub(super) fn take(conn: &mut Conn<'_>, code: &str, now: i64) -> Result<Option<Self>, store::Error> {
        conn.query_opt(
            "DELETE FROM social_oauth_codes WHERE code_hash = $1
             RETURNING app_id, user_id, scopes, redirect_uri, challenge, ends_at",
            &[v(&secret::hash(code))],
            |row| {
                let consent = Self {
                    app: Id(row.int(0)?),
                    user: Id(row.int(1)?),
                    scopes: Scopes::parse(row.text(2)?).unwrap_or_else(Scopes::standard),
                    redirect_uri: row.string(3)?,
                    challenge: row.opt_text(4)?.map(str::to_owned),
                };
                Ok::<_, store::Error>((row.int(5)? > now).then_some(consent))
            },
        )
        .map(Option::flatten)
    }

    /// Whether this is the client, the place and the verifier that it was given for.
    pub(super) fn is_for(
        &self,
        app: Id,
        redirect_uri: Option<&str>,
        verifier: Option<&str>,
    ) -> Result<(), Refusal> {
        let is_proven = match (&self.challenge, verifier) {
            (Some(challenge), Some(verifier)) => secret::answers(verifier, challenge),
            (Some(_), None) => faults::mutant!("mastodon-challenge-not-answered"),
            // Without a challenge there is nothing to prove, and whoever thinks so is at the wrong door.
            (None, verifier) => verifier.is_none(),
        };
        if self.app == app && redirect_uri == Some(&self.redirect_uri) && is_proven {
            return Ok(());
        }
        Err(BAD_GRANT)
    }
}

/// All that a client is told of a code that is not good.
pub(super) const BAD_GRANT: Refusal = Refusal::OAuth(
    "invalid_grant",
    "The code is unknown, used or too old, or was given for another client, redirect_uri or code_verifier.",
);
