//! The service identity, with the services and keys of its document.

use accounts::service::{
    AccessMode, Fragment, ImportedEntry, ImportedIdentity, ImportedMethod, Mode, ServiceError, ServiceImport,
};
use anyhow::Result;
use atproto::{Did, Nsid};
use happyview::{Closed, Plaintext, ServiceEntry, ServiceIdentity, VerificationMethod};

use super::kind::Kind;
use super::run::{Run, Taken, settled};

const CHOOSE: &str = "choose an identity here: POST /api/setup/identity, or PUT /admin/service-identity";

impl Run<'_> {
    /// Services and keys come first: what the identity has published is known by their names.
    pub(super) async fn service(&mut self) -> Result<()> {
        let (target, log, existing) = (self.target, self.log.clone(), self.existing);
        let handle = ServiceImport { state: &target.store.state, vault: &target.vault, events: &log };
        let mut kind = Kind::new("service entries");
        let take = async |new: ServiceEntry, _: &mut Kind| match entry(new) {
            Ok(new) => settled(handle.entry(new, existing).await, String::new),
            Err(reason) => Ok(Taken::skipped(reason, "")),
        };
        let items = self.source.service_entries();
        self.each(&mut kind, items, |entry| entry.fragment.clone(), take).await?;
        self.report.add(kind);

        let mut kind = Kind::new("verification methods");
        let take = async |new: VerificationMethod, _: &mut Kind| {
            let help = "make a new one: POST /admin/verification-methods";
            match method(new) {
                Ok(new) => settled(handle.verification_method(new).await, || help.to_owned()),
                Err(reason) => Ok(Taken::skipped(reason, help)),
            }
        };
        let items = self.source.verification_methods();
        self.each(&mut kind, items, |method| method.fragment.clone(), take).await?;
        self.report.add(kind);

        let mut kind = Kind::new("service identity");
        let take = async |new: ServiceIdentity, _: &mut Kind| match identity(new) {
            Ok(new) => settled(handle.identity(new).await, || CHOOSE.to_owned()),
            Err(reason) => Ok(Taken::skipped(reason, CHOOSE)),
        };
        let items = self.source.service_identity();
        self.each(&mut kind, items, |identity| identity.mode.clone(), take).await?;
        self.report.add(kind);
        Ok(())
    }
}

fn entry(entry: ServiceEntry) -> Result<ImportedEntry, String> {
    let text = |error: ServiceError| error.to_string();
    let nsid = |nsid: &String| Nsid::parse(nsid).map_err(|error| format!("a method that it lists: {error}"));
    Ok(ImportedEntry {
        fragment: Fragment::service(&entry.fragment).map_err(text)?,
        access: entry.access_mode.map_or(Ok(AccessMode::All), |mode| mode.parse()).map_err(text)?,
        xrpcs: entry.xrpcs.iter().map(nsid).collect::<Result<_, _>>()?,
        service_type: entry.service_type,
        created_at: entry.created_at,
        updated_at: entry.updated_at,
    })
}

fn method(method: VerificationMethod) -> Result<ImportedMethod, String> {
    Ok(ImportedMethod {
        fragment: Fragment::key(&method.fragment).map_err(|error| error.to_string())?,
        public_key: method.public_key,
        private_key: method.private_key.map_err(|closed| closed.to_string())?.0,
        created_at: method.created_at,
    })
}

fn identity(identity: ServiceIdentity) -> Result<ImportedIdentity, String> {
    let mode: Mode = identity.mode.parse().map_err(|error: ServiceError| error.to_string())?;
    let did = |text: Option<String>| {
        text.map(|text| Did::parse(&text)).transpose().map_err(|error| error.to_string())
    };
    let key = |what: &str, key: Option<Result<Plaintext, Closed>>| {
        let opened = key.transpose().map_err(|closed| format!("its {what} key: {closed}"))?;
        Ok::<_, String>(opened.map(|opened| opened.0))
    };
    let registered = did(identity.did.filter(|_| mode == Mode::DidPlc))?;
    if registered.is_none() && mode == Mode::DidPlc {
        return Err("its DID was never registered".to_owned());
    }
    Ok(ImportedIdentity {
        registered,
        attached_account: did(identity.attached_account_did.filter(|_| mode == Mode::AttachAccount))?,
        signing_key: key("signing", identity.signing_key)?,
        rotation_key: key("rotation", identity.rotation_key)?,
        setup_complete: identity.setup_complete,
        created_at: identity.created_at,
        updated_at: identity.updated_at,
        mode,
    })
}
