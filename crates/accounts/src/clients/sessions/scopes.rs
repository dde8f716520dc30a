//! Which scopes a session may have (spec/appview.md §7.4).

use std::collections::HashMap;

use atproto::{
    Nsid,
    oauth::scope::{PermissionSet, Scope, ScopeSet},
};

use crate::clients::{ClientError, Clients};

impl Clients {
    /// Checks that `granted` contains `atproto` and nothing beyond what the client asks its users for.
    pub(super) async fn check_scopes(&self, granted: &str, of_client: &str) -> Result<(), ClientError> {
        let parse = |text| ScopeSet::parse(text).map_err(|error| ClientError::bad_request(error.to_string()));
        let (granted, of_client) = (parse(granted)?, parse(of_client)?);
        if !granted.contains(&Scope::Atproto) {
            return Err(ClientError::bad_request("token must include the 'atproto' scope"));
        }
        let sets = self.included(granted.includes().chain(of_client.includes())).await;
        let expand = |scopes: &ScopeSet| scopes.expand(|nsid| sets.get(nsid));
        match expand(&of_client).missing(&expand(&granted)) {
            None => Ok(()),
            Some(scope) => {
                Err(ClientError::bad_request(format!("scope '{scope}' is not allowed for this client")))
            }
        }
    }

    async fn included(&self, names: impl Iterator<Item = &Nsid>) -> HashMap<Nsid, PermissionSet> {
        let mut sets = HashMap::new();
        let Some(known) = self.permission_sets.get() else { return sets };
        for nsid in names {
            if !sets.contains_key(nsid)
                && let Some(set) = known.permission_set(nsid).await
            {
                sets.insert(nsid.clone(), set);
            }
        }
        sets
    }
}
