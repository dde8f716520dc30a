//! Who asks, if they sign (spec/social.md §4.4, §4.8).

use http::StatusCode;
use http::request::Parts;
use server::Problem;

use crate::fetch::Budget;
use crate::inbox::signer;
use crate::services::Services;

/// Who signed a request for a document; `None` if nobody did, which is refused where everybody has to. Who is shut out is refused.
pub(super) async fn reader(services: &Services, parts: &Parts) -> Result<Option<String>, Problem> {
    let signed = parts.headers.contains_key("signature");
    if !signed && !services.config.authorized_fetch {
        return Ok(None);
    }
    match signer(services, &Budget::new(), parts).await {
        Ok(owner) => Ok(Some(owner.owner.as_str().to_owned())),
        Err(problem) if problem.status == StatusCode::FORBIDDEN => Err(problem),
        // Everybody may read this; some sign with what nobody can verify.
        Err(_) if !services.config.authorized_fetch => Ok(None),
        Err(problem) => Err(problem),
    }
}
