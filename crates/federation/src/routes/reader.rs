//! Who asks, if they sign (spec/social.md §4.4, §4.8).

use http::request::Parts;
use server::Problem;

use crate::Error;
use crate::fetch::Budget;
use crate::inbox::signer;
use crate::services::Services;

/// Who signed a request for a document; `None` if nobody did, which is refused where everybody has to. Who is shut out is refused.
pub(super) async fn reader(services: &Services, parts: &Parts) -> Result<Option<String>, Problem> {
    let signed = parts.headers.contains_key("signature");
    if !signed && !services.config.authorized_fetch {
        return Ok(None);
    }
    let owner = match signer(services, &Budget::new(), parts).await {
        Ok(owner) => owner,
        // Everybody may read this; some sign with what nobody can verify.
        Err(_) if !services.config.authorized_fetch => return Ok(None),
        Err(problem) => return Err(problem),
    };
    let host = owner.owner.authority().to_owned();
    let shut_out = services.state.read_brief(move |conn| crate::domains::is_shut_out(conn, &host));
    if shut_out.await.map_err(Error::from)? {
        return Err(Problem::forbidden("This server does not show anything to yours"));
    }
    Ok(Some(owner.owner.as_str().to_owned()))
}
