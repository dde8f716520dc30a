//! What can be said of a request by itself (spec/social.md §4.7, steps 1 to 3).

use activitypub::media_type;
use activitypub::object::Activity;
use http::request::Parts;
use http::{StatusCode, header};
use server::Problem;

use crate::services::Services;

pub(super) fn content_type(parts: &Parts) -> Result<(), Problem> {
    let content_type = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if content_type.is_some_and(media_type::is_inbox) {
        return Ok(());
    }
    let expected = "Activities are application/activity+json or application/ld+json";
    Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, expected))
}

/// Nobody of this server speaks to it through its inbox.
pub(super) fn is_foreign(services: &Services, activity: &Activity<'_>) -> Result<(), Problem> {
    let ours = |address| services.names.is_ours(address);
    if ours(&activity.actor) || activity.id.as_ref().is_some_and(ours) {
        return Err(Problem::forbidden("Activities of this server do not come through its inbox"));
    }
    Ok(())
}
