//! Making and removing keys.

use atproto::crypto::PrivateKey;
use events::{Event, kinds};
use store::v;
use time::OffsetDateTime;
use uuid::Uuid;

use super::VerificationMethod;
use crate::{
    Purpose,
    clock::{from_micros, micros_of},
    service::{Fragment, Service, ServiceError},
};

impl Service {
    /// All further keys, in the order in which they were made.
    pub async fn verification_methods(&self) -> Result<Vec<VerificationMethod>, ServiceError> {
        self.parts.state.read(VerificationMethod::load).await
    }

    /// Makes a P-256 key. `actor` is the DID that the event log names.
    pub async fn add_verification_method(
        &self,
        fragment: Fragment,
        actor: Option<&str>,
    ) -> Result<VerificationMethod, ServiceError> {
        let key = PrivateKey::generate_p256();
        let id = Uuid::now_v7().to_string();
        let sealed = self.parts.vault.seal(Purpose::SERVICE_KEYS, &id, &key.to_scalar())?;
        let method = VerificationMethod {
            id,
            fragment: fragment.clone(),
            public_key: key.public().multikey(),
            // As it will be read.
            created_at: from_micros(micros_of(OffsetDateTime::now_utc())),
        };
        let row = method.clone();
        let added = self.changed(move |conn| {
            conn.execute(
                "INSERT INTO verification_methods \
                 (id, fragment_id, key_type, public_key_multibase, private_key_enc, created_at) \
                 VALUES ($1, $2, $3, $4, $5, $6)",
                &[
                    v(&row.id),
                    v(row.fragment.as_str()),
                    v(VerificationMethod::KEY_TYPE),
                    v(&row.public_key),
                    v(&sealed),
                    v(micros_of(row.created_at)),
                ],
            )?;
            Ok(())
        });
        match added.await {
            Err(ServiceError::Store(error)) if error.is_unique_violation() => {
                return Err(ServiceError::MethodExists(fragment));
            }
            added => added?,
        }
        let event = Event::new(kinds::VERIFICATION_METHOD_CREATED).actor(actor);
        self.parts.events.record(event.subject(fragment.as_str()));
        Ok(method)
    }

    /// Destroys a key; `name` is its fragment without the `#`.
    pub async fn remove_verification_method(
        &self,
        name: &str,
        actor: Option<&str>,
    ) -> Result<(), ServiceError> {
        let fragment = format!("#{name}");
        let removed = self.changed({
            let fragment = fragment.clone();
            move |conn| {
                let sql = "DELETE FROM verification_methods WHERE fragment_id = $1";
                Ok(conn.execute(sql, &[v(&fragment)])?)
            }
        });
        if removed.await? == 0 {
            return Err(ServiceError::NoSuchMethod(name.chars().take(40).collect()));
        }
        let event = Event::new(kinds::VERIFICATION_METHOD_DELETED).actor(actor).subject(&fragment);
        self.parts.events.record(event);
        Ok(())
    }
}
