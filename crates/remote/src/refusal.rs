//! What a host means when it refuses.

use http::StatusCode;
use serde::Deserialize;

use crate::client::Asked;
use crate::{Gone, RemoteError};

/// As much of a name or message as is kept.
const EXCERPT_CHARS: usize = 64;

/// The body of an XRPC error.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Body {
    error: Option<String>,
    message: Option<String>,
}

/// The error that an unsuccessful answer stands for.
pub(crate) fn understand(
    asked: Asked<'_>,
    method: &'static str,
    status: StatusCode,
    body: &[u8],
) -> RemoteError {
    let Body { error, message } = serde_json::from_slice(body).unwrap_or_default();
    let (name, message) = (error.unwrap_or_default(), message.unwrap_or_default());
    if let (Some(gone), Some(did)) = (gone(status, &name, &message), asked.did) {
        return RemoteError::Gone { did: did.clone(), host: Box::new(asked.host.clone()), gone };
    }
    let name = name.chars().filter(char::is_ascii_graphic).take(EXCERPT_CHARS).collect();
    RemoteError::Refused { host: Box::new(asked.host.clone()), method, status, name }
}

/// Whether the host says that it does not serve the repository.
fn gone(status: StatusCode, name: &str, message: &str) -> Option<Gone> {
    match name {
        "RepoNotFound" => Some(Gone::NotFound),
        "RepoDeactivated" => Some(Gone::Deactivated),
        "RepoTakendown" => Some(Gone::Takendown),
        "RepoSuspended" => Some(Gone::Suspended),
        // What the reference server says of every repository that it does not serve, for whatever reason, where the
        // lexicon has no name for it.
        "InvalidRequest" | "NotFound"
            if status.is_client_error() && message.starts_with("Could not find repo") =>
        {
            Some(Gone::NotFound)
        }
        _ => None,
    }
}

/// Whether the host does not know the method.
pub(crate) fn is_unknown_method(error: &RemoteError) -> bool {
    let RemoteError::Refused { status, name, .. } = error else { return false };
    matches!(status.as_u16(), 404 | 405 | 501) && name != "RecordNotFound"
        || matches!(name.as_str(), "MethodNotImplemented" | "MethodNotFound" | "XRPCNotSupported")
}

#[cfg(test)]
mod tests {
    use atproto::Did;
    use url::Url;

    use super::*;
    use crate::Kind;

    fn understood(status: u16, body: &str) -> RemoteError {
        let (host, did) =
            (Url::parse("https://pds.example.com").unwrap(), Did::parse("did:web:a.example").unwrap());
        let asked = Asked { host: &host, did: Some(&did) };
        understand(asked, "com.atproto.sync.getRepo", StatusCode::from_u16(status).unwrap(), body.as_bytes())
    }

    #[test]
    fn names_of_the_protocol() {
        for (status, body, kind) in [
            (400, r#"{"error":"RepoNotFound"}"#, Kind::Gone(Gone::NotFound)),
            (400, r#"{"error":"RepoDeactivated","message":"x"}"#, Kind::Gone(Gone::Deactivated)),
            (400, r#"{"error":"RepoTakendown"}"#, Kind::Gone(Gone::Takendown)),
            (400, r#"{"error":"RepoSuspended"}"#, Kind::Gone(Gone::Suspended)),
            (
                400,
                r#"{"error":"InvalidRequest","message":"Could not find repo: did:web:a.example"}"#,
                Kind::Gone(Gone::NotFound),
            ),
            (400, r#"{"error":"InvalidRequest","message":"limit must be"}"#, Kind::Malformed),
            (400, "Could not find repo", Kind::Malformed),
            (500, r#"{"error":"InternalServerError"}"#, Kind::Unavailable),
            (502, "<html>Bad Gateway</html>", Kind::Unavailable),
            (403, "", Kind::Unavailable),
            (408, "", Kind::Unavailable),
        ] {
            assert_eq!(understood(status, body).kind(), kind, "{status} {body}");
        }
    }

    #[test]
    fn a_method_that_is_not_there() {
        for (status, body, unknown) in [
            (501, r#"{"error":"MethodNotImplemented"}"#, true),
            (404, "Not Found", true),
            (400, r#"{"error":"XRPCNotSupported"}"#, true),
            (404, r#"{"error":"RecordNotFound"}"#, false),
            (404, r#"{"error":"RepoNotFound"}"#, false),
            (500, "", false),
        ] {
            assert_eq!(is_unknown_method(&understood(status, body)), unknown, "{status} {body}");
        }
    }

    #[test]
    fn only_an_excerpt_is_kept() {
        let error = understood(400, &format!("{{\"error\":\"a\\u0007\\n{}\"}}", "b".repeat(10_000)));
        let RemoteError::Refused { name, .. } = error else { panic!("{error:?}") };
        assert_eq!(name, format!("a{}", "b".repeat(63)));
    }
}
