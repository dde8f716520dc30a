//! Everything of an owner, let go at once.

use atproto::Did;
use store::v;

use crate::{Error, Hold};

impl Hold {
    /// Releases all images of `owner`, lets them go from the crew and forgets what was counted: for an account that is deleted. What
    /// only they needed is garbage from now on.
    pub async fn clear(&self, owner: &Did) -> Result<(), Error> {
        let owner = owner.clone();
        let written = self.inner().state.write(move |conn| {
            for sql in [
                // First, as where images come: what waits for each other waits here.
                "DELETE FROM hold_usage WHERE owner_did = $1",
                "DELETE FROM hold_layers WHERE owner_did = $1",
                "DELETE FROM hold_stats WHERE owner_did = $1",
                "DELETE FROM hold_crew WHERE member = $1",
            ] {
                conn.execute(sql, &[v(owner.as_str())])?;
            }
            Ok::<_, store::Error>(())
        });
        Ok(written.await?)
    }
}
