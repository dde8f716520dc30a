//! Somebody who has an account here no more.

use accounts::browser_sessions;
use atproto::Did;
use store::{Database, v};

/// Revokes the devices of `owner`, with every token that they got, ends what they do in browsers, and forgets what was sent to their
/// repositories; how many devices it were. Instances that are running know within seconds.
pub async fn depart(state: &Database, owner: &Did) -> Result<u64, store::Error> {
    let owner = owner.clone();
    let written = state.write(move |conn| {
        browser_sessions::end_all_of(conn, owner.as_str())?;
        conn.execute("DELETE FROM registry_links WHERE owner_did = $1", &[v(owner.as_str())])?;
        let revoke = "UPDATE registry_devices SET revoked_at = $2 WHERE did = $1 AND revoked_at IS NULL";
        conn.execute(revoke, &[v(owner.as_str()), v(clock::now_micros())])
    });
    written.await
}
