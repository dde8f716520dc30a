//! `atproto`: who is where (spec/appview.md §5.10).

use atproto::Did;
use lua::HostError;

use super::{Answer, Arguments, ScriptHost, raw};

impl ScriptHost {
    /// The origin of the PDS, or nothing if there is none.
    pub(super) async fn service_endpoint(&self, arguments: &Arguments) -> Answer {
        let did = Did::parse(arguments.text(0, "did")?).map_err(|error| HostError::new(error.to_string()))?;
        match self.resolver.resolve_did(&did).await {
            Ok(identity) => {
                raw(&identity.pds.as_ref().map(|pds| pds.as_str().trim_end_matches('/').to_owned()))
            }
            Err(error) if error.is_transient() => Err(HostError::new(error.to_string())),
            Err(_) => raw(&()),
        }
    }
}
