//! The problems a route may answer with, derived from what the shell and its extractors check.

use std::collections::BTreeMap;

use http::{Method, StatusCode};
use utoipa::openapi::{
    ContentBuilder, Ref, RefOr, Response, ResponseBuilder,
    schema::{ObjectBuilder, Schema, Type},
};

use super::{contract::Content, operation::Described, paths};
use crate::Access;

/// The schema's name; see [`standard_errors`](crate::standard_errors).
pub(super) const ERROR: &str = "Error";

const PROBLEMS: [(StatusCode, &str, &str); 9] = [
    (StatusCode::BAD_REQUEST, "BadRequest", "The request cannot be understood or breaks a rule."),
    (StatusCode::UNAUTHORIZED, "Unauthorized", "There is no credential, or it does not verify."),
    (StatusCode::FORBIDDEN, "Forbidden", "The caller is known and may not do this."),
    (StatusCode::NOT_FOUND, "NotFound", "What the path names does not exist."),
    (StatusCode::CONFLICT, "Conflict", "The state that the request assumes is not there."),
    (StatusCode::PAYLOAD_TOO_LARGE, "PayloadTooLarge", "The body is too large."),
    (StatusCode::UNSUPPORTED_MEDIA_TYPE, "UnsupportedMediaType", "The body is of another media type."),
    (StatusCode::UNPROCESSABLE_ENTITY, "Unprocessable", "The body is JSON of another shape."),
    (
        StatusCode::TOO_MANY_REQUESTS,
        "TooManyRequests",
        "The caller is too fast; `Retry-After` says when to go on.",
    ),
];

/// All problems under their names; `Problem` is any other one.
pub(super) fn responses() -> BTreeMap<String, RefOr<Response>> {
    let others = ("Problem", "Any other problem, such as a server in trouble.");
    let named = PROBLEMS.into_iter().map(|(_, name, description)| (name, description)).chain([others]);
    named.map(|(name, description)| (name.to_owned(), RefOr::T(response(description)))).collect()
}

/// References to those that a route may answer with, by status.
pub(super) fn of(described: &Described<'_>) -> impl Iterator<Item = (String, Ref)> {
    let found = PROBLEMS.into_iter().filter(|(status, ..)| is_possible(described, *status));
    let found = found.map(|(status, name, _)| (status.as_str().to_owned(), Ref::from_response_name(name)));
    found.chain([("default".to_owned(), Ref::from_response_name("Problem"))])
}

fn is_possible(Described { route, mount, .. }: &Described<'_>, status: StatusCode) -> bool {
    let has_parameters = paths::parameters(route.path).next().is_some();
    let body = route.contract.body.as_ref();
    let is_json = matches!(body, Some(Content::Json(_) | Content::JsonList(_) | Content::JsonOrNull(_)));
    match status {
        StatusCode::BAD_REQUEST => has_parameters || body.is_some() || !route.contract.queries.is_empty(),
        StatusCode::UNAUTHORIZED => route.access != Access::Public,
        StatusCode::FORBIDDEN => !route.access.permissions().is_empty(),
        StatusCode::NOT_FOUND => has_parameters,
        StatusCode::CONFLICT => route.method != Method::GET,
        StatusCode::PAYLOAD_TOO_LARGE => body.is_some(),
        StatusCode::UNSUPPORTED_MEDIA_TYPE | StatusCode::UNPROCESSABLE_ENTITY => is_json,
        StatusCode::TOO_MANY_REQUESTS => mount.throttle.is_some(),
        _ => false,
    }
}

fn response(description: &str) -> Response {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(ERROR))).build();
    ResponseBuilder::new().description(description).content("application/json", content).build()
}

/// What [`standard_errors`](crate::standard_errors) writes.
pub(super) fn schema() -> RefOr<Schema> {
    let text = |description| ObjectBuilder::new().schema_type(Type::String).description(Some(description));
    ObjectBuilder::new()
        .description(Some("A problem."))
        .property("error", text("The name of the problem, or, if it has none, what to tell people."))
        .required("error")
        .property("message", text("What to tell people, if the problem has a name."))
        .property("correlationId", text("What to search the log for, if the server is in trouble."))
        .into()
}
