//! Making the new owner the owner.

use hold::Hold;
use repos::Status;
use store::Database;

use super::{Error, Migration};
use crate::links::Links;

impl Migration {
    /// Gives everything that is here of the old account to the new one, if all records are there: what images need, room, counts, and what
    /// was sent. The old account is shown no more and has no handle and no devices; its records are kept. Once more does the rest.
    pub async fn finish(&self, hold: &Hold, state: &Database) -> Result<(), Error> {
        match self.missing().await? {
            0 => {}
            missing => return Err(Error::Unfinished(missing)),
        }
        hold.hand_over(&self.from, &self.to).await?;
        Links::new(state.clone()).hand_over(&self.from, &self.to).await?;
        crate::depart(state, &self.from).await?;
        // From now on the handle leads to whom the network says.
        self.repos.set_handle(&self.from, None).await?;
        Ok(self.repos.set_status(&self.from, Status::Deactivated).await?)
    }
}
