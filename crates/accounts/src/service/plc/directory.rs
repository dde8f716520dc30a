//! Asking the PLC directory and telling it.

use atproto::{
    Did,
    plc::{self, SignedOperation},
};
use http::Method;
use outbound::Redirects;
use serde_json::Value;
use url::Url;

use crate::service::{Service, ServiceError};

/// A log of hundreds of operations.
const MAX_LOG: usize = 1 << 20;

const MAX_ANSWER: usize = 64 << 10;

/// What of the directory's words is passed on.
const MAX_REASON: usize = 300;

impl Service {
    /// The newest operation of a DID, the whole log having been verified.
    pub(super) async fn latest(&self, did: &Did) -> Result<SignedOperation, ServiceError> {
        let url = self.directory_url(did, &["log"])?;
        let request = self.parts.outbound.get(&url).max_bytes(MAX_LOG).redirects(Redirects::None);
        let log = request.accept("application/json").send().await?.success()?.body;
        Ok(plc::latest(&log, did)?)
    }

    /// Has the directory take an operation.
    pub(super) async fn submit(&self, did: &Did, operation: &SignedOperation) -> Result<(), ServiceError> {
        let url = self.directory_url(did, &[])?;
        let request = self.parts.outbound.request(Method::POST, &url).max_bytes(MAX_ANSWER);
        let answer = request.body("application/json", operation.json().to_string()).send().await?;
        if answer.status.is_client_error() {
            let reason = answer.json::<Value>().ok().and_then(|body| body["message"].as_str().map(excerpt));
            return Err(ServiceError::Refused(reason.unwrap_or_else(|| answer.status.to_string())));
        }
        answer.success()?;
        Ok(())
    }

    fn directory_url(&self, did: &Did, rest: &[&str]) -> Result<Url, ServiceError> {
        let mut url = self.parts.plc_url.clone();
        url.path_segments_mut()
            .map_err(|()| ServiceError::Unchangeable("the URL of the PLC directory is not a web address"))?
            .pop_if_empty()
            .push(did.as_str())
            .extend(rest);
        Ok(url)
    }

    /// The address that the directory gives for our services.
    pub(super) fn endpoint(&self) -> Result<String, ServiceError> {
        let primary = self.parts.domains.primary();
        primary
            .map(|domain| domain.url)
            .ok_or(ServiceError::Unchangeable("this server has no primary domain"))
    }
}

fn excerpt(text: &str) -> String {
    text.chars().take(MAX_REASON).collect()
}
