//! The rotation key, for its owner's safe.

use store::v;

use super::{Mode, ROTATION_KEY, ServiceIdentity};
use crate::{
    Purpose,
    clock::now_micros,
    service::{Service, ServiceError},
};

impl Service {
    /// The private rotation key of a `did:plc`: 32 bytes, a scalar of P-256, big-endian. Whoever has it owns the DID, so
    /// it is handed out once, and not after the setup. The copy here stays, sealed.
    pub async fn take_rotation_key(&self) -> Result<Vec<u8>, ServiceError> {
        let now = now_micros();
        let sealed = self.changed(move |conn| {
            if ServiceIdentity::in_mode(conn, Mode::DidPlc)?.setup_complete {
                return Err(ServiceError::SetupComplete);
            }
            let sealed = conn.query_opt(
                "UPDATE service_identity SET rotation_key_taken_at = $1 \
                 WHERE id = 1 AND rotation_key_taken_at IS NULL AND rotation_key_enc IS NOT NULL \
                 RETURNING rotation_key_enc",
                &[v(now)],
                |row| Ok::<_, ServiceError>(row.blob(0)?.to_vec()),
            )?;
            sealed.ok_or(ServiceError::RotationKeyTaken)
        });
        Ok(self.parts.vault.unseal(Purpose::SERVICE_KEYS, ROTATION_KEY, &sealed.await?)?)
    }
}
