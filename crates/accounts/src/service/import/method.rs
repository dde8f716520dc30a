//! One further key of the other server's document.

use events::{Event, kinds};
use serde_json::json;
use store::{Conn, v};
use time::OffsetDateTime;

use super::{ServiceImport, private_key};
use crate::{
    Imported, Purpose,
    imported::at,
    service::{Fragment, ServiceError, VerificationMethod},
};

/// A key as another server kept it.
#[derive(Clone, PartialEq, Eq)]
pub struct ImportedMethod {
    /// Its name in the document.
    pub fragment: Fragment,
    /// Its public half, as the document shows it.
    pub public_key: String,
    /// Its private half: a P-256 scalar of 32 bytes.
    pub private_key: Vec<u8>,
    /// When it was made.
    pub created_at: Option<OffsetDateTime>,
}

impl ServiceImport<'_> {
    /// Takes over a key; one of this name that is here already stays, because others have its public half.
    pub async fn verification_method(&self, new: ImportedMethod) -> Result<Imported, ServiceError> {
        let public = private_key(&new.private_key)?.public().multikey();
        if public != new.public_key {
            return Err(ServiceError::ForeignKey);
        }
        let id = uuid::Uuid::now_v7().to_string();
        let sealed = self.vault.seal(Purpose::SERVICE_KEYS, &id, &new.private_key)?;
        let (fragment, created_at) = (new.fragment.clone(), at(new.created_at));
        let insert = move |conn: &mut Conn<'_>| {
            conn.execute(
                "INSERT INTO verification_methods \
                   (id, fragment_id, key_type, public_key_multibase, private_key_enc, created_at) \
                 VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (fragment_id) DO NOTHING",
                &[
                    v(&id),
                    v(fragment.as_str()),
                    v(VerificationMethod::KEY_TYPE),
                    v(&public),
                    v(&sealed),
                    v(created_at),
                ],
            )
        };
        if self.state.write(insert).await? == 0 {
            return Ok(Imported::Kept);
        }
        let event = Event::new(kinds::VERIFICATION_METHOD_CREATED).subject(new.fragment.as_str());
        self.events.record(event.detail(json!({ "imported": true })));
        Ok(Imported::Added)
    }
}
