//! Making the new owner the owner.

use hold::Hold;
use repos::Status;
use store::{Database, v};

use super::{Error, Migration};

impl Migration {
    /// Gives everything that is here of the old account to the new one, if all records are there: what images need, room, counts, and what
    /// was sent. The old account is shown no more and has no handle and no devices; its records are kept. Once more does the rest.
    pub async fn finish(&self, hold: &Hold, state: &Database) -> Result<(), Error> {
        match self.missing().await? {
            0 => {}
            missing => return Err(Error::Unfinished(missing)),
        }
        hold.hand_over(&self.from, &self.to).await?;
        let (from, to) = (self.from.clone(), self.to.clone());
        let links = state.write(move |conn| {
            let sql = "INSERT INTO registry_links (owner_did, repository, digest, size, created_at)
                SELECT $2, repository, digest, size, created_at FROM registry_links WHERE owner_did = $1
                ON CONFLICT DO NOTHING";
            conn.execute(sql, &[v(from.as_str()), v(to.as_str())])
        });
        links.await?;
        crate::depart(state, &self.from).await?;
        // From now on the handle leads to whom the network says.
        self.repos.set_handle(&self.from, None).await?;
        Ok(self.repos.set_status(&self.from, Status::Deactivated).await?)
    }
}
