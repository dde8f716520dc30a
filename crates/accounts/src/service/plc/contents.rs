//! What of a DID's state is ours, and putting it in without touching the rest.

use std::collections::BTreeMap;

use atproto::{crypto::PublicKey, plc};

use crate::service::{Mode, Published, ServiceError, snapshot::Snapshot};

/// What this server wants its DID's document to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Contents {
    /// Services by name.
    pub(super) services: BTreeMap<String, plc::Service>,
    /// Keys by name, as `did:key:…`.
    pub(super) verification_methods: BTreeMap<String, String>,
}

impl Contents {
    /// The entries, offered at `endpoint`, and the keys. The signing key of an attached account is not ours.
    pub(super) fn of(snapshot: &Snapshot, endpoint: &str) -> Self {
        let services = snapshot.entries.iter().map(|entry| {
            let service = plc::Service { kind: entry.service_type.clone(), endpoint: endpoint.to_owned() };
            (entry.fragment.name().to_owned(), service)
        });
        let own = snapshot.identity.as_ref().filter(|identity| identity.mode == Mode::DidPlc);
        let signing = own.and_then(|identity| identity.signing_key.as_deref()).map(|key| ("atproto", key));
        let others =
            snapshot.methods.iter().map(|method| (method.fragment.name(), method.public_key.as_str()));
        let keys = signing.into_iter().chain(others);
        Self {
            services: services.collect(),
            verification_methods: keys.map(|(name, key)| (name.to_owned(), did_key(key))).collect(),
        }
    }

    /// The names, to be remembered as ours.
    pub(super) fn published(&self, did: &atproto::Did) -> Published {
        Published {
            did: Some(did.to_string()),
            services: self.services.keys().cloned().collect(),
            verification_methods: self.verification_methods.keys().cloned().collect(),
        }
    }

    /// Puts the contents into a DID's state in place of what was published before. Whatever else is there stays; an error
    /// if it is in the way.
    pub(super) fn put_into(
        &self,
        state: &mut plc::Operation,
        before: &Published,
    ) -> Result<(), ServiceError> {
        put(&mut state.services, &self.services, &before.services)?;
        put(&mut state.verification_methods, &self.verification_methods, &before.verification_methods)
    }
}

fn put<T: Clone + PartialEq>(
    state: &mut BTreeMap<String, T>,
    ours: &BTreeMap<String, T>,
    before: &[String],
) -> Result<(), ServiceError> {
    for name in before {
        state.remove(name);
    }
    for (name, value) in ours {
        if state.get(name).is_some_and(|other| other != value) {
            return Err(ServiceError::Foreign(name.clone()));
        }
        state.insert(name.clone(), value.clone());
    }
    Ok(())
}

/// A Multikey in the form that operations have. One that cannot be read was checked when it was made.
fn did_key(multikey: &str) -> String {
    PublicKey::parse_multikey(multikey).map_or_else(|_| format!("did:key:{multikey}"), |key| key.did_key())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(ToString::to_string).collect()
    }

    fn entries(entries: &[(&str, i32)]) -> BTreeMap<String, i32> {
        entries.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect()
    }

    #[test]
    fn what_was_ours_is_replaced_and_what_was_not_stays() {
        let mut state = entries(&[("foreign", 1), ("kept", 2), ("gone", 3)]);
        put(&mut state, &entries(&[("kept", 20), ("new", 4)]), &names(&["kept", "gone", "absent"])).unwrap();
        assert_eq!(state, entries(&[("foreign", 1), ("kept", 20), ("new", 4)]));
    }

    #[test]
    fn nothing_of_others_is_overwritten() {
        let mut state = entries(&[("taken", 1)]);
        let error = put(&mut state, &entries(&[("taken", 2)]), &[]).unwrap_err();
        assert!(matches!(error, ServiceError::Foreign(name) if name == "taken"));
        put(&mut state, &entries(&[("taken", 1)]), &[]).unwrap();
        assert_eq!(state, entries(&[("taken", 1)]));
    }
}
