//! What must hold of tokens, documents and scopes from strangers.

use serde_json::{Value, json};

use super::check_message;
use crate::crypto::PrivateKey;
use crate::jose::{PrivateJwk, PublicJwk};
use crate::oauth::dpop::{self, DpopError, Expect};
use crate::oauth::scope::{PermissionSet, Scope, ScopeSet};
use crate::oauth::{
    AuthorizationServer, Callback, Challenge, ClientMetadata, DocumentError, ErrorAnswer, LoopbackClient,
    ProtectedResource, PushedRequest, TokenResponse,
};
use crate::plc::{self, SignedOperation};
use crate::service_auth::{self, ServiceToken};
use crate::{Did, Nsid, jose};

const NOW: i64 = 1_700_000_000;

/// A key with nothing secret about it.
fn private_key() -> PrivateJwk {
    PrivateJwk::from_scalar(&[7; 32]).expect("a key")
}

/// A proof is accepted only as what it says, at its time, and signed by the key it names. Input that is a JSON object
/// is signed first, being the claims of a proof: otherwise nothing would ever get past the signature.
pub fn dpop_proof(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else { return };
    let key = private_key();
    let header = json!({"typ": "dpop+jwt", "jwk": key.public()});
    let proof = signed_or(text, |claims| jose::sign(key.secret(), header, claims));
    let expect = Expect { method: "GET", urls: &["https://a.test/x"], access_token: None, now: NOW };
    match dpop::verify(&proof, &expect) {
        Ok(verified) => {
            assert!(
                verified.iat >= NOW - dpop::MAX_AGE_SECONDS && verified.iat <= NOW + dpop::MAX_AHEAD_SECONDS
            );
            assert!((1..=256).contains(&verified.jti.len()));
            assert_eq!(verified.thumbprint.len(), 43);
            let post = dpop::verify(&proof, &Expect { method: "POST", ..expect });
            assert_eq!(post, Err(DpopError::Method));
            let elsewhere = dpop::verify(&proof, &Expect { urls: &["https://b.test/x"], ..expect });
            assert_eq!(elsewhere, Err(DpopError::Url));
            let later =
                dpop::verify(&proof, &Expect { now: NOW + dpop::REPLAY_WINDOW_SECONDS + 1, ..expect });
            assert_eq!(later, Err(DpopError::Expired), "it may be forgotten after the window");
        }
        Err(error) => check_message(&error.to_string(), "dpop_proof"),
    }
}

/// A service token is accepted only for the service it names, while it is valid, with the key that signed it. Claims
/// are signed first, as those of [`dpop_proof`] are.
pub fn service_token(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else { return };
    let key = private_key();
    let token = signed_or(text, |claims| jose::sign(key.secret(), json!({"typ": "JWT"}), claims));
    let parsed = match ServiceToken::parse(&token) {
        Ok(parsed) => parsed,
        Err(error) => return check_message(&error.to_string(), error.name()),
    };
    assert_eq!(Did::parse(parsed.issuer.as_str()), Ok(parsed.issuer.clone()));
    assert_eq!(parsed.replay_key().len(), 43);
    let expect = service_auth::Expect { audience: &parsed.audience, lxm: parsed.lxm.as_ref(), now: NOW };
    if parsed.check(&expect).is_ok() {
        assert!(parsed.exp > NOW && parsed.exp <= NOW + service_auth::MAX_LIFETIME_SECONDS);
        let other = Did::parse("did:web:fuzz.invalid").expect("a DID");
        assert!(
            parsed.audience == other
                || parsed.check(&service_auth::Expect { audience: &other, ..expect }).is_err()
        );
        let method = Nsid::parse("invalid.fuzz.method").expect("an NSID");
        let other = service_auth::Expect { lxm: Some(&method), ..expect };
        assert!(parsed.lxm.as_ref() == Some(&method) || parsed.check(&other).is_err());
        assert!(parsed.check(&service_auth::Expect { now: parsed.exp, ..expect }).is_err());
    }
    let stranger = PrivateKey::p256(&[9; 32]).expect("a key");
    assert!(parsed.verify(stranger.public()).is_err());
}

/// Signs `text` if it is a JSON object; otherwise it is the token.
fn signed_or(text: &str, sign: impl FnOnce(&Value) -> String) -> String {
    match serde_json::from_str::<Value>(text) {
        Ok(claims) if claims.is_object() => sign(&claims),
        _ => text.to_owned(),
    }
}

/// The metadata of a client is accepted only for its own id; what it writes it reads again; it sends users nowhere but
/// to the redirects it registered.
pub fn client_metadata(input: &[u8]) {
    let named = serde_json::from_slice::<Value>(input).ok();
    let id = named.as_ref().and_then(|document| document.get("client_id")?.as_str()).unwrap_or_default();
    match ClientMetadata::parse(input, id) {
        Ok(metadata) => {
            assert_eq!(metadata.client_id, id);
            assert!(id.starts_with("https://"));
            assert!(ClientMetadata::parse(input, "https://fuzz.invalid/other.json").is_err());
            let written = serde_json::to_vec(&metadata).expect("JSON");
            assert_eq!(ClientMetadata::parse(&written, id).as_ref(), Ok(&metadata));
            assert!(metadata.redirect_uris.iter().all(|uri| metadata.allows_redirect(uri)));
            let elsewhere = "https://fuzz.invalid/elsewhere";
            let registered = metadata.redirect_uris.iter().any(|uri| uri == elsewhere);
            assert_eq!(metadata.allows_redirect(elsewhere), registered);
        }
        Err(error) => check_message(&error.to_string(), "client_metadata"),
    }
    let Ok(text) = str::from_utf8(input) else { return };
    match LoopbackClient::parse(text) {
        Ok(client) => {
            let redirects = client.metadata().redirect_uris;
            assert!(redirects.iter().all(|uri| uri.to_ascii_lowercase().starts_with("http:")));
            assert_eq!(LoopbackClient::parse(&client.to_string()), Ok(client));
        }
        Err(error) => check_message(&error.to_string(), "loopback_client"),
    }
}

/// Whatever an authorization server serves is refused with a short message, or is what the profile demands.
pub fn oauth_answer(input: &[u8]) {
    fn refused<T>(outcome: Result<T, DocumentError>) -> Option<T> {
        outcome.inspect_err(|error| check_message(&error.to_string(), "oauth_answer")).ok()
    }

    if let Some(server) = refused(AuthorizationServer::parse(input, "https://a.test")) {
        assert_eq!(server.issuer, "https://a.test");
        for endpoint in [server.token_endpoint, server.authorization_endpoint] {
            let url = url::Url::parse(&endpoint).expect("a URL");
            assert!(url.scheme() == "https" || url.scheme() == "http");
        }
    }
    if let Some(resource) = refused(ProtectedResource::parse(input, "https://a.test")) {
        assert!(url::Url::parse(&resource.authorization_server).is_ok());
    }
    if let Some(token) = refused(TokenResponse::parse(input)) {
        assert!(token.access_token.bytes().all(|byte| byte.is_ascii_graphic()));
    }
    refused(PushedRequest::parse(input));
    refused(ErrorAnswer::parse(input));
    if let Err(error) = PublicJwk::parse(input) {
        check_message(&error.to_string(), "jwk");
    }
    let Ok(text) = str::from_utf8(input) else { return };
    assert!(Challenge::parse(text).is_none() || text.to_ascii_lowercase().contains("dpop"));
    if let Err(error) = Callback::parse(text) {
        check_message(&error.to_string(), "callback");
    }
}

/// A scope prints as one that means the same, covers itself, and is covered by a set it is in; a permission set never
/// allows what is outside its own group.
pub fn scopes(input: &[u8]) {
    if let Ok(set) = PermissionSet::parse(input) {
        let include = ScopeSet::parse("include:a.b.c?aud=did:web:a.test%23x").expect("scopes");
        let expanded = include.expand(|_| Some(&set)).to_string();
        let again = ScopeSet::parse(&expanded).expect("scopes");
        assert_eq!(again.to_string(), expanded);
        assert_eq!(again.includes().count(), 0);
        assert!(!expanded.contains("repo:*") && !expanded.contains("rpc:*"));
    }
    let Ok(text) = str::from_utf8(input) else { return };
    let Ok(set) = ScopeSet::parse(text) else { return };
    assert_eq!(set.missing(&set), None);
    assert_eq!(ScopeSet::parse(&set.to_string()).as_ref(), Ok(&set));
    for text in text.split_ascii_whitespace() {
        match text.parse::<Scope>() {
            Ok(scope) => {
                assert_eq!(scope.to_string().parse().as_ref(), Ok(&scope));
                assert!(set.contains(&scope) && set.covers(&scope));
            }
            Err(error) => check_message(&error.to_string(), "scope"),
        }
    }
}

/// A log is believed only for the DID its first operation makes, and every operation in it has one hash.
pub fn plc_log(input: &[u8]) {
    let first = serde_json::from_slice::<Vec<Value>>(input)
        .ok()
        .and_then(|log| SignedOperation::parse(log.first()?.to_string().as_bytes()).ok());
    let other = Did::parse("did:plc:fuzz").expect("a DID");
    let did = first.and_then(|first| first.did()).unwrap_or_else(|| other.clone());
    match plc::latest(input, &did) {
        Ok(last) => {
            assert!(plc::latest(input, &other).is_err());
            let again = SignedOperation::parse(last.json().to_string().as_bytes()).expect("an operation");
            assert_eq!(again, last);
        }
        Err(error) => check_message(&error.to_string(), "plc_log"),
    }
}
