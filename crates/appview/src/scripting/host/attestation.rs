//! `atproto.sign` and `atproto.verify_signature`: attestations (spec/appview.md §5.10).

use std::any::Any;
use std::sync::Arc;

use accounts::Attestor;
use atproto::Did;
use atproto::attestation::Attestation;
use atproto::crypto::PublicKey;
use lua::HostError;
use serde_json::{Map, Value};

use super::super::acting;
use super::{Answer, Arguments, ScriptHost, raw};

impl ScriptHost {
    /// `record`. For the repository of whoever called the script, if somebody did.
    pub(super) fn sign(&self, context: &Arc<dyn Any + Send + Sync>, arguments: &Arguments) -> Answer {
        let attestor =
            self.attestor.as_ref().ok_or_else(|| HostError::new("this server has no key to sign with"))?;
        let caller = acting::reach(context)?.party.did();
        let repository = caller.as_ref().map_or("", Did::as_str);
        let made = attestor.sign(record(arguments)?, repository);
        raw(&made.map_err(|error| HostError::new(error.to_string()))?.to_json())
    }

    /// `record, signature, repo_did?`. Whether the key that it names made it; whose key that may be is for the script.
    pub(super) async fn verify_signature(&self, arguments: &Arguments) -> Answer {
        let wrong = |error: &dyn std::fmt::Display| HostError::new(error.to_string());
        let record = record(arguments)?;
        let attestation = Attestation::read(arguments.at(1)).map_err(|error| wrong(&error))?;
        let repository = match arguments.optional_text(2, "repo_did")? {
            None | Some("") => "",
            Some(did) => Did::parse(did).map(|_| did).map_err(|error| wrong(&error))?,
        };
        let key = self.key_of(&attestation.key).await?;
        raw(&attestation.is_by(&key, record, repository).map_err(|error| wrong(&error))?)
    }

    /// Our own key under its id, one that is its own id, or one that a DID document lists.
    async fn key_of(&self, id: &str) -> Result<PublicKey, HostError> {
        if let Some((own, key)) = self.attestor.as_ref().map(Attestor::public)
            && own == id
        {
            return Ok(key.clone());
        }
        let wrong =
            |error: &dyn std::fmt::Display| HostError::new(format!("the key of the signature: {error}"));
        if id.starts_with("did:key:") {
            // A DID of this kind is a key, and its fragment repeats it.
            return PublicKey::parse_did_key(id.split('#').next().unwrap_or(id))
                .map_err(|error| wrong(&error));
        }
        let Some((did, fragment)) = id.split_once('#') else {
            return Err(wrong(&"it is not named by a DID with a fragment"));
        };
        let did = Did::parse(did).map_err(|error| wrong(&error))?;
        let identity = self.resolver.resolve_did(&did).await.map_err(|error| wrong(&error))?;
        let key = identity.document.key(fragment).cloned();
        key.ok_or_else(|| wrong(&format!("the document of {did} has no key of this name")))
    }
}

fn record(arguments: &Arguments) -> Result<Map<String, Value>, HostError> {
    arguments.at(0).as_object().cloned().ok_or_else(|| HostError::new("record must be a table of fields"))
}
