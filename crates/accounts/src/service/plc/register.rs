//! A new DID.

use atproto::{
    Did,
    crypto::PrivateKey,
    plc::{Operation, SignedOperation},
};
use events::{Event, kinds};
use http::StatusCode;
use serde_json::json;
use store::v;

use super::contents::Contents;
use crate::{
    Purpose,
    clock::now_micros,
    service::{
        Mode, Service, ServiceError, ServiceIdentity,
        instance::{ROTATION_KEY, note_published},
    },
};

impl Service {
    /// Registers this server's DID and says which it is; the one there is if it is registered already.
    ///
    /// The signed operation is kept from before it is submitted until the directory has it: whatever is interrupted
    /// in between, the next attempt submits the same operation, and no DID is lost or made twice.
    pub async fn register(&self, actor: Option<&str>) -> Result<Did, ServiceError> {
        let actor = actor.map(str::to_owned);
        self.exclusively(|service| async move { service.register_alone(actor.as_deref()).await }).await
    }

    pub(super) async fn register_alone(&self, actor: Option<&str>) -> Result<Did, ServiceError> {
        if let Some(did) = self.registered().await? {
            return Ok(did);
        }
        let genesis = self.genesis().await?;
        let did = genesis.did().ok_or(ServiceError::Unchangeable("the first operation names another"))?;
        self.submit_genesis(&did, &genesis).await?;
        self.note_registered(&did, &genesis).await?;
        self.parts.resolver.invalidate(&did).await;
        let event = Event::new(kinds::SERVICE_IDENTITY_UPDATED).actor(actor).subject(did.as_str());
        self.parts.events.record(event.detail(json!({ "mode": Mode::DidPlc.name(), "registered": true })));
        Ok(did)
    }

    async fn registered(&self) -> Result<Option<Did>, ServiceError> {
        let identity = self.parts.state.read(|conn| ServiceIdentity::in_mode(conn, Mode::DidPlc)).await?;
        Ok(identity.registered)
    }

    /// The operation that was begun, or a new one.
    async fn genesis(&self) -> Result<SignedOperation, ServiceError> {
        let key = self.rotation_key().await?;
        let contents = Contents::of(&*self.snapshot().await?, &self.endpoint()?);
        let operation = Operation {
            rotation_keys: vec![key.public().did_key()],
            verification_methods: contents.verification_methods,
            also_known_as: Vec::new(),
            services: contents.services,
            prev: None,
        };
        let operation = operation.sign(&key)?.json().to_string();
        let begun = self.changed(move |conn| {
            let begun = conn.query_opt(
                "UPDATE service_identity SET genesis = COALESCE(genesis, $1) \
                 WHERE id = 1 AND mode = 'did_plc' AND did IS NULL RETURNING genesis",
                &[v(&operation)],
                |row| Ok::<_, ServiceError>(row.string(0)?),
            )?;
            begun.ok_or(ServiceError::WrongMode { needed: Mode::DidPlc })
        });
        Ok(SignedOperation::parse(begun.await?.as_bytes())?)
    }

    async fn submit_genesis(&self, did: &Did, genesis: &SignedOperation) -> Result<(), ServiceError> {
        let Err(error) = self.submit(did, genesis).await else {
            return Ok(());
        };
        // An earlier attempt may have got through without our learning of it: the DID is the hash of this operation.
        let is_absent = match self.latest(did).await {
            Ok(_) => return Ok(()),
            Err(ServiceError::Directory(outbound::Error::Status { status, .. })) => {
                status == StatusCode::NOT_FOUND
            }
            Err(_) => false,
        };
        if is_absent && matches!(error, ServiceError::Refused(_)) {
            let forget = "UPDATE service_identity SET genesis = NULL WHERE id = 1 AND did IS NULL";
            self.changed(move |conn| Ok(conn.execute(forget, &[])?)).await?;
        }
        Err(error)
    }

    async fn note_registered(&self, did: &Did, genesis: &SignedOperation) -> Result<(), ServiceError> {
        let contents = genesis.operation().map(|state| Contents {
            services: state.services.clone(),
            verification_methods: state.verification_methods.clone(),
        });
        let published = contents.unwrap_or_default().published(did);
        let (did, now) = (did.to_string(), now_micros());
        self.changed(move |conn| {
            let done = "UPDATE service_identity SET did = $1, genesis = NULL WHERE id = 1 AND did IS NULL";
            conn.execute(done, &[v(&did)])?;
            note_published(conn, &published, now)
        })
        .await
    }

    /// The private key that changes the DID.
    pub(super) async fn rotation_key(&self) -> Result<PrivateKey, ServiceError> {
        let sealed = self.parts.state.read(|conn| {
            let find = "SELECT rotation_key_enc FROM service_identity WHERE id = 1";
            let sealed =
                conn.query_opt(find, &[], |row| Ok::<_, ServiceError>(row.opt_blob(0)?.map(<[u8]>::to_vec)))?;
            sealed.flatten().ok_or(ServiceError::NotConfigured)
        });
        let scalar = self.parts.vault.unseal(Purpose::SERVICE_KEYS, ROTATION_KEY, &sealed.await?)?;
        let scalar = scalar.as_slice().try_into().ok();
        scalar.and_then(|scalar| PrivateKey::p256(scalar).ok()).ok_or_else(|| ServiceError::Corrupt {
            table: "service_identity",
            source: "the rotation key is not a scalar of P-256".into(),
        })
    }
}
