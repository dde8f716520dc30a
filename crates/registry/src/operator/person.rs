//! What people are called, as far as it is known here: nobody is asked for a list.

use std::collections::HashMap;

use atproto::Did;
use identity::Local;

use super::Operator;

impl Operator {
    /// The handles of these, by DID.
    pub(super) async fn handles(&self, dids: &[&Did]) -> Result<HashMap<String, String>, store::Error> {
        let names: Vec<String> = dids.iter().map(ToString::to_string).collect();
        let known = self.registry.index.handles(&names).await?;
        let mut handles: HashMap<_, _> = known.into_iter().map(|named| (named.did, named.handle)).collect();
        // Who is at home here is known for sure.
        let directory = &self.registry.authors.directory;
        for did in dids {
            if let Some(handle) = directory.by_did(did).and_then(|found| found.handle.clone()) {
                handles.insert(did.to_string(), handle.to_string());
            }
        }
        Ok(handles)
    }
}
