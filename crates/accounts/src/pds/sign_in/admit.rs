//! Who may sign in.

use std::sync::Arc;

use atproto::Did;

use super::SignIn;
use crate::pds::PdsError;

impl SignIn {
    /// Whether somebody who has proved who they are may have a session: a user, the first one to come, who becomes the super
    /// user, or the account that is to be attached to the service identity.
    pub(super) async fn admits(&self, did: &Did) -> Result<bool, PdsError> {
        let users = &self.parts.users;
        if users.find(did).await?.is_some() || users.bootstrap(did).await?.is_some() {
            return Ok(true);
        }
        let attached = self
            .parts
            .service
            .attached_account()
            .await
            .map_err(|error| PdsError::Service(Arc::new(error)))?;
        Ok(attached.as_ref() == Some(did))
    }
}
