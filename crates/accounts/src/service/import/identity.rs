//! Who the other server is to the network.

use atproto::Did;
use events::{Event, kinds};
use serde_json::json;
use store::{Conn, v};
use time::OffsetDateTime;

use super::{ServiceImport, private_key};
use crate::{
    Imported, Purpose,
    clock::micros_of,
    imported::at,
    service::{
        Choice, Mode, Published, ServiceError,
        instance::{ROTATION_KEY, SIGNING_KEY},
        snapshot::Snapshot,
    },
};

/// The identity of another server, with its keys: P-256 scalars of 32 bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct ImportedIdentity {
    /// How it came by its DID.
    pub mode: Mode,
    /// The `did:plc` that was registered.
    pub registered: Option<Did>,
    /// The account of [`Mode::AttachAccount`].
    pub attached_account: Option<Did>,
    /// The key whose public half the DID document shows.
    pub signing_key: Option<Vec<u8>>,
    /// The key that owns a `did:plc`.
    pub rotation_key: Option<Vec<u8>>,
    /// Whether the setup was declared complete.
    pub setup_complete: bool,
    /// When it was chosen.
    pub created_at: Option<OffsetDateTime>,
    /// When it last changed.
    pub updated_at: Option<OffsetDateTime>,
}

/// A key as the row has it.
struct SealedKey {
    sealed: Vec<u8>,
    public: String,
}

impl ServiceImport<'_> {
    /// Takes over the identity, if none has been chosen here. A key that its mode needs must be there: others know the
    /// server by it, and a new one would not be the same server.
    pub async fn identity(&self, new: ImportedIdentity) -> Result<Imported, ServiceError> {
        // The same rules as for a choice that is made here.
        Choice::new(new.mode, new.attached_account.clone())?;
        let signing = self.sealed(SIGNING_KEY, new.signing_key.as_deref())?;
        let rotation = self.sealed(ROTATION_KEY, new.rotation_key.as_deref())?;
        let needs_signing = matches!(new.mode, Mode::DidWeb | Mode::DidPlc);
        let needs_rotation = new.mode == Mode::DidPlc;
        if (needs_signing && signing.is_none()) || (needs_rotation && rotation.is_none()) {
            return Err(ServiceError::MissingKey { mode: new.mode });
        }
        let mode = new.mode;
        let imported =
            self.state.write(move |conn| new.put(conn, signing.as_ref(), rotation.as_ref())).await?;
        if imported == Imported::Added {
            let event = Event::new(kinds::SERVICE_IDENTITY_UPDATED).subject("service_identity");
            self.events.record(event.detail(json!({ "imported": true, "mode": mode.name() })));
        }
        Ok(imported)
    }

    fn sealed(&self, row: &str, scalar: Option<&[u8]>) -> Result<Option<SealedKey>, ServiceError> {
        let Some(scalar) = scalar else { return Ok(None) };
        let public = private_key(scalar)?.public().multikey();
        Ok(Some(SealedKey { sealed: self.vault.seal(Purpose::SERVICE_KEYS, row, scalar)?, public }))
    }
}

impl ImportedIdentity {
    fn put(
        &self,
        conn: &mut Conn<'_>,
        signing: Option<&SealedKey>,
        rotation: Option<&SealedKey>,
    ) -> Result<Imported, ServiceError> {
        let snapshot = Snapshot::load(conn)?;
        if snapshot.identity.is_some() {
            return Ok(Imported::Kept);
        }
        let created_at = at(self.created_at);
        conn.execute(
            "INSERT INTO service_identity (id, mode, did, signing_key_enc, signing_key_multibase, \
               rotation_key_enc, attached_account_did, setup_complete, published, created_at, updated_at) \
             VALUES (1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            &[
                v(self.mode.name()),
                v(self.registered.as_ref().map(Did::as_str)),
                v(signing.map(|key| key.sealed.as_slice())),
                v(signing.map(|key| key.public.as_str())),
                v(rotation.map(|key| key.sealed.as_slice())),
                v(self.attached_account.as_ref().map(Did::as_str)),
                v(self.setup_complete),
                v(&json!(self.published(&snapshot)).to_string()),
                v(created_at),
                v(self.updated_at.map_or(created_at, micros_of)),
            ],
        )?;
        Ok(Imported::Added)
    }

    /// What the other server has put into the document of its DID: what it offered, by name.
    fn published(&self, snapshot: &Snapshot) -> Published {
        let did = match self.mode {
            Mode::DidPlc => self.registered.as_ref(),
            Mode::AttachAccount => self.attached_account.as_ref(),
            Mode::DidWeb | Mode::NotExposed => None,
        };
        let Some(did) = did else { return Published::default() };
        let own = (self.mode == Mode::DidPlc).then(|| "atproto".to_owned());
        let methods = snapshot.methods.iter().map(|method| method.fragment.name().to_owned());
        Published {
            did: Some(did.to_string()),
            services: snapshot.entries.iter().map(|entry| entry.fragment.name().to_owned()).collect(),
            verification_methods: own.into_iter().chain(methods).collect(),
        }
    }
}
