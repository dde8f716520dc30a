//! One repository as the directory knows it.

use std::sync::{Arc, OnceLock};

use atproto::crypto::PrivateKey;
use atproto::did_doc::DidDocument;
use atproto::{Did, Handle};
use identity::Identity;
use store::Row;
use tracing::error;

use super::document::{document, read_services};
use crate::{Error, Sealing, Status, keys};

/// Everything but the content.
pub(super) const SELECT: &str = "
    SELECT id, did, handle, signing_key, signing_key_enc, services, status FROM repos_repositories";

/// One repository: who it is, and with which key it signs.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) id: i64,
    pub(crate) did: Did,
    pub(crate) handle: Option<Handle>,
    pub(crate) status: Status,
    /// What `did.json` says.
    pub(crate) document: String,
    pub(crate) identity: Arc<Identity>,
    /// The public half, as the row has it.
    pub(crate) signing_key: String,
    sealed_key: Vec<u8>,
    /// Opened when somebody first writes.
    key: OnceLock<PrivateKey>,
}

impl Entry {
    /// `None`, loudly, for a row that makes no sense: the others are served all the same.
    pub(super) fn from_row(row: &Row<'_>, origin: &str) -> Result<Option<Self>, store::Error> {
        let did = row.text(1)?;
        let parsed = Did::parse(did).ok().zip(row.opt_text(2)?.map(Handle::parse).transpose().ok());
        let Some((did, handle)) = parsed else {
            error!(did, "a repository with an impossible name is left out");
            return Ok(None);
        };
        let signing_key = row.string(3)?;
        let services = read_services(row.text(5)?);
        let document = document(&did, handle.as_ref(), &signing_key, origin, &services);
        let Ok(read) = DidDocument::parse(document.as_bytes(), &did) else {
            error!(%did, "a repository whose DID document cannot be read is left out");
            return Ok(None);
        };
        Ok(Some(Self {
            id: row.int(0)?,
            identity: Arc::new(read.into()),
            did,
            handle,
            status: Status::of_column(row.int(6)?),
            document,
            signing_key,
            sealed_key: row.blob(4)?.to_vec(),
            key: OnceLock::new(),
        }))
    }

    /// The key it signs with.
    pub(crate) fn key(&self, sealing: &dyn Sealing) -> Result<PrivateKey, Error> {
        if let Some(key) = self.key.get() {
            return Ok(key.clone());
        }
        let key = keys::open(sealing, &self.did, &self.signing_key, &self.sealed_key)?;
        Ok(self.key.get_or_init(|| key).clone())
    }

    /// Refuses what may only be asked of a repository that is served.
    pub(crate) fn served(&self) -> Result<(), Error> {
        match self.status {
            Status::Active => Ok(()),
            Status::Deactivated => Err(Error::Deactivated(self.did.clone())),
        }
    }
}
