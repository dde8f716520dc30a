//! Looking users up.

use atproto::Did;
use store::v;

use super::{User, Users};
use crate::Error;

impl Users {
    /// Every user, in the order in which they were added.
    pub async fn list(&self) -> Result<Vec<User>, Error> {
        self.state.read(|conn| User::find(conn, "1 = 1", &[])).await
    }

    /// The user with this row id.
    pub async fn get(&self, id: &str) -> Result<User, Error> {
        let id = id.to_owned();
        self.state.read(move |conn| User::get(conn, &id)).await
    }

    /// The user with this DID, if there is one.
    pub async fn find(&self, did: &Did) -> Result<Option<User>, Error> {
        let did = did.clone();
        let found = self.state.read(move |conn| User::find(conn, "u.did = $1", &[v(did.as_str())])).await?;
        Ok(found.into_iter().next())
    }
}
