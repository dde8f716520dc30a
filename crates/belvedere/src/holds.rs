//! The hold of this configuration.

use std::fs;
use std::path::PathBuf;

use accounts::domains::is_loopback;
use anyhow::{Context, Result};
use atproto::Did;
use blobs::{BlobStore, Folder, Objects, Sizes};
use hold::{Captain, Hold, HoldParts, Tiers};
use repos::LocalAccounts;
use store::Database;
use url::Url;

use crate::config::Settings;

/// Who else is at the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Nobody on this machine: for a server, which goes on with what an earlier one was at.
    Own,
    /// There may be a server: of a folder they are only looked at.
    BesideAServer,
}

/// Opens it. `public_url` is where the server is reached, `local` are those who sign in there.
pub(crate) async fn open(
    settings: &Settings,
    state: &Database,
    public_url: &Url,
    local: &LocalAccounts,
    place: Place,
) -> Result<Hold> {
    let config = &settings.registry;
    let did = did_of(public_url)?;
    let owner = match &config.hold_owner {
        Some(owner) => owner.clone(),
        // Without anybody, nobody has more rights than anybody else.
        None => first(local).await?.unwrap_or_else(|| did.clone()),
    };
    let captain = Captain {
        owner,
        is_public: config.hold_is_public,
        allow_all_crew: config.hold_allows_all,
        region: None,
    };
    let tiers = match &config.quota_file {
        None => Tiers::default(),
        Some(file) => {
            let text = fs::read_to_string(file)
                .with_context(|| format!("registry_quota_file: {}", file.display()))?;
            text.parse().with_context(|| format!("registry_quota_file: {}", file.display()))?
        }
    };
    let blobs = blobs(settings, state, place).await?;
    Ok(Hold::new(HoldParts { state: state.clone(), blobs, did, captain, tiers }))
}

/// The folder of the layers, where they are not in a bucket.
pub(crate) fn folder(settings: &Settings) -> PathBuf {
    settings.registry.dir.clone().unwrap_or_else(|| settings.data_dir.join("registry"))
}

/// Where layers lie.
async fn blobs(settings: &Settings, state: &Database, place: Place) -> Result<BlobStore> {
    if let Some(location) = settings.registry.bucket.clone() {
        let objects = Objects::new(location, state.clone(), Sizes::default()).context("registry_s3_url")?;
        if place == Place::Own {
            objects.take_over().await.context("registry_s3_url")?;
        }
        return Ok(BlobStore::Objects(objects));
    }
    let (dir, fsync) = (folder(settings), settings.registry.fsync);
    if place == Place::BesideAServer {
        return Ok(BlobStore::Folder(Folder::beside(dir)));
    }
    let folder = tokio::task::spawn_blocking(move || Folder::open(dir, fsync)).await?;
    Ok(BlobStore::Folder(folder.context("registry_dir")?))
}

/// Who was at home here first.
async fn first(local: &LocalAccounts) -> Result<Option<Did>> {
    let accounts = local.list().await?;
    Ok(accounts.into_iter().min_by_key(|account| account.created_at).map(|account| account.did))
}

/// What the hold is called: a DID of its host. A port is written only where it says something, on this machine.
fn did_of(public_url: &Url) -> Result<Did> {
    let host = public_url.host_str().unwrap_or("localhost");
    let port = public_url.port().filter(|_| is_loopback(public_url));
    let port = port.map(|port| format!("%3A{port}")).unwrap_or_default();
    let did = format!("did:web:{host}{port}");
    Did::parse(&did).with_context(|| format!("public_url: {did} is no DID"))
}
