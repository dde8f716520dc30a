//! A request to be let in, until somebody lets it in (spec/sync.md §1.3, §1.4).

use std::time::Duration;

use clock::micros;
use data_encoding::HEXUPPER;
use http::StatusCode;
use store::{Conn, v};

use crate::Error;
use crate::tokens::{Origin, mint};
use crate::wire::strict;

/// A request that nobody has answered by then is forgotten, and so is an answer that nobody has fetched.
const LIFE: Duration = Duration::from_mins(15);

/// Requests that may wait at once, whoever made them. Those that wait already are not turned away for it.
const MAX_WAITING: i64 = 10_000;

/// Requests of one address that may wait at once; those that have waited longest give way.
const MAX_OF_ADDRESS: i64 = 20;

/// Who wants in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Terminal,
    Device,
}

impl Kind {
    fn name(self) -> &'static str {
        self.origin().name()
    }

    fn origin(self) -> Origin {
        match self {
            Self::Terminal => Origin::Terminal,
            Self::Device => Origin::Device,
        }
    }
}

/// An X25519 key as rows have it; nothing if it is none.
pub(super) fn box_key(base64: &str) -> Option<String> {
    strict(base64).filter(|key| key.len() == 32).map(|key| HEXUPPER.encode(&key))
}

/// What becomes of whoever asks to be let in.
pub(super) enum Outcome {
    Waiting,
    /// Let in, once: with a token of the account that did it, and what that account's device said.
    Authorized {
        token: String,
        response: String,
    },
}

/// A wish to be let in.
pub(super) struct Request {
    pub(super) kind: Kind,
    pub(super) key: String,
    pub(super) supports_v2: bool,
    /// What the client calls itself.
    pub(super) client: Option<String>,
    /// Where it calls from.
    pub(super) address: String,
}

/// Asks, or asks again. An answer is handed out once.
pub(super) fn request(conn: &mut Conn<'_>, request: &Request) -> Result<Outcome, Error> {
    let Request { kind, key, supports_v2, client, address } = request;
    let now = clock::now_micros();
    let oldest = now - micros(LIFE);
    let answered = conn.query_opt(
        "DELETE FROM sync_pairings WHERE kind = $1 AND public_key = $2 AND response IS NOT NULL AND created_at > $3
         RETURNING account_id, response",
        &[v(kind.name()), v(key), v(oldest)],
        |row| Ok::<_, Error>((row.string(0)?, row.string(1)?)),
    )?;
    if let Some((account, response)) = answered {
        let token = mint(conn, &account, kind.origin(), client.as_deref(), now)?;
        return Ok(Outcome::Authorized { token, response });
    }
    let sql = "SELECT 1 FROM sync_pairings WHERE kind = $1 AND public_key = $2 AND created_at > $3";
    if conn.query_opt(sql, &[v(kind.name()), v(key), v(oldest)], |row| row.int(0))?.is_none() {
        make_room(conn, address)?;
    }
    // Whoever asks first says what is supported; whoever asks too late asks anew.
    conn.execute(
        "INSERT INTO sync_pairings (kind, public_key, supports_v2, created_at, address) VALUES ($1, $2, $3, $4, $6)
         ON CONFLICT (kind, public_key) DO UPDATE SET supports_v2 = excluded.supports_v2,
             response = NULL, account_id = NULL, created_at = excluded.created_at, address = excluded.address
         WHERE sync_pairings.created_at <= $5",
        &[v(kind.name()), v(key), v(*supports_v2), v(now), v(oldest), v(address)],
    )?;
    Ok(Outcome::Waiting)
}

/// Makes room for one more request from an address.
fn make_room(conn: &mut Conn<'_>, address: &str) -> Result<(), Error> {
    conn.execute(
        "DELETE FROM sync_pairings WHERE (kind, public_key) IN (
             SELECT kind, public_key FROM sync_pairings WHERE address = $1 AND response IS NULL
             ORDER BY created_at DESC, public_key LIMIT 10000 OFFSET $2)",
        &[v(address), v(MAX_OF_ADDRESS - 1)],
    )?;
    let waiting = conn.query_one("SELECT COUNT(*) FROM sync_pairings", &[], |row| row.int(0))?;
    if waiting >= MAX_WAITING {
        let message = "Too many wait to be let in. Try again in a few minutes.";
        return Err(Error::TooMuch(StatusCode::TOO_MANY_REQUESTS, message));
    }
    Ok(())
}

/// Whether a terminal waits under this key: if it has been answered, and whether it understands the second form.
pub(super) fn status(conn: &mut Conn<'_>, key: &str) -> Result<Option<(bool, bool)>, Error> {
    conn.query_opt(
        "SELECT CASE WHEN response IS NULL THEN 0 ELSE 1 END, supports_v2 FROM sync_pairings
         WHERE kind = 'terminal' AND public_key = $1 AND created_at > $2",
        &[v(key), v(clock::now_micros() - micros(LIFE))],
        |row| Ok((row.bool(0)?, row.bool(1)?)),
    )
}

/// Lets whoever waits in; the first answer counts. Whether somebody waits.
pub(super) fn respond(
    conn: &mut Conn<'_>,
    kind: Kind,
    key: &str,
    account: &str,
    response: &str,
) -> Result<bool, Error> {
    let changed = conn.execute(
        "UPDATE sync_pairings SET response = COALESCE(response, $4), account_id = COALESCE(account_id, $3)
         WHERE kind = $1 AND public_key = $2 AND created_at > $5",
        &[
            v(kind.name()),
            v(key),
            v(account),
            v(response),
            v(if faults::mutant!("sync-pairing-without-end") {
                0
            } else {
                clock::now_micros() - micros(LIFE)
            }),
        ],
    )?;
    Ok(changed > 0)
}

/// Forgets what is too old to be answered.
pub(crate) fn prune(conn: &mut Conn<'_>) -> Result<u64, Error> {
    let before = clock::now_micros() - micros(LIFE);
    Ok(conn.execute("DELETE FROM sync_pairings WHERE created_at <= $1", &[v(before)])?)
}
