//! How far the setup is, and its end.

use events::{Event, kinds};
use serde_json::json;
use store::v;

use super::{Mode, ServiceIdentity};
use crate::{
    clock::now_micros,
    service::{Service, ServiceError},
};

/// How far the setup is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetupStatus {
    /// What was chosen.
    pub mode: Option<Mode>,
    /// Whether the document of the DID, as the PLC directory has it, lists everything that this server offers.
    pub plc_verified: bool,
    /// Whether the setup was declared complete.
    pub complete: bool,
}

impl Service {
    /// How far the setup is. A directory that does not answer has verified nothing.
    pub async fn setup_status(&self) -> Result<SetupStatus, ServiceError> {
        let snapshot = self.snapshot().await?;
        let identity = snapshot.identity.as_ref();
        Ok(SetupStatus {
            mode: identity.map(|identity| identity.mode),
            plc_verified: self.is_in_directory(&snapshot).await,
            complete: identity.is_some_and(|identity| identity.setup_complete),
        })
    }

    /// Whether the setup was declared complete.
    pub(crate) async fn check_in_setup(&self) -> Result<(), ServiceError> {
        let identity = self.parts.state.read(ServiceIdentity::load).await?;
        let complete = identity.is_some_and(|identity| identity.setup_complete);
        if complete { Err(ServiceError::SetupComplete) } else { Ok(()) }
    }

    /// Declares the setup complete; then only the admin API changes the identity.
    pub async fn complete_setup(&self, actor: Option<&str>) -> Result<(), ServiceError> {
        let now = now_micros();
        let mode = self.changed(move |conn| {
            let identity = ServiceIdentity::chosen(conn)?;
            if identity.setup_complete {
                return Err(ServiceError::SetupComplete);
            }
            if identity.mode == Mode::DidPlc && identity.registered.is_none() {
                return Err(ServiceError::NotRegistered);
            }
            let sql = "UPDATE service_identity SET setup_complete = 1, updated_at = $1 WHERE id = 1";
            conn.execute(sql, &[v(now)])?;
            Ok(identity.mode)
        });
        let event = Event::new(kinds::SETUP_COMPLETED).actor(actor);
        self.parts.events.record(event.detail(json!({ "mode": mode.await?.name() })));
        Ok(())
    }
}
