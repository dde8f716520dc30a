//! Who signed a token, and with which key of theirs.

use atproto::service_auth::ServiceToken;

/// The key of an account that acts for itself.
const ACCOUNT: &str = "atproto";

/// The key in the issuer's document. An issuer may be a service of an account (`did#service`), which has a key of the
/// same name; only a labeler's is called otherwise.
pub(super) fn key_name(token: &ServiceToken) -> &str {
    match token.key_fragment.as_str() {
        "atproto_labeler" => "atproto_label",
        name => name,
    }
}

/// In whose name a call is made. A service keeps its fragment: it is not the account, and a lesser key must not stand for
/// a greater one.
pub(super) fn principal(token: &ServiceToken) -> String {
    match token.key_fragment.as_str() {
        ACCOUNT => token.issuer.to_string(),
        name => format!("{}#{name}", token.issuer),
    }
}
