//! Revoking a key.

use store::v;

use crate::{Accounts, Error, clock::now_micros};

impl Accounts {
    /// Ends a key for ever, on this instance at once and on others within seconds. Revoking it again changes nothing.
    pub async fn revoke_key(&self, id: &str) -> Result<(), Error> {
        let (key_id, now) = (id.to_owned(), now_micros());
        let found = self
            .state
            .write(move |conn| {
                conn.execute(
                    "UPDATE api_keys SET revoked_at = COALESCE(revoked_at, $2) WHERE id = $1",
                    &[v(&key_id), v(now)],
                )
            })
            .await?;
        self.verified.forget();
        if found == 0 { Err(Error::NoSuchKey(id.to_owned())) } else { Ok(()) }
    }
}
