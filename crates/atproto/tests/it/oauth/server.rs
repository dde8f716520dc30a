//! Metadata of servers.

use atproto::oauth::{AuthorizationServer, DocumentError, ProtectedResource};
use serde_json::{Value, json};

use super::{bytes, member};
use crate::tokens::with;
use crate::vectors;

fn server(document: &Value) -> Result<AuthorizationServer, DocumentError> {
    AuthorizationServer::parse(&bytes(document), "https://bsky.social")
}

#[test]
fn real_authorization_servers_keep_to_the_profile() {
    for (file, issuer) in [
        ("bsky-entryway-authorization-server", "https://bsky.social"),
        ("indie-authorization-server", "https://pds.robocracy.org"),
    ] {
        let document = vectors::bytes(&format!("oauth/{file}.json"));
        let server = AuthorizationServer::parse(&document, issuer).unwrap();
        assert_eq!(server.token_endpoint, format!("{issuer}/oauth/token"));
        assert_eq!(server.authorization_endpoint, format!("{issuer}/oauth/authorize"));
        assert_eq!(server.pushed_authorization_request_endpoint, format!("{issuer}/oauth/par"));
        assert_eq!(server.revocation_endpoint, Some(format!("{issuer}/oauth/revoke")));
        assert_eq!(server.scopes_supported[0], "atproto");
        assert_eq!(member(AuthorizationServer::parse(&document, "https://evil.test")), "issuer");
    }
    let capture = vectors::json("oauth/capture.json");
    let local = AuthorizationServer::parse(&bytes(&capture["authorization_server"]), "http://localhost:2583")
        .unwrap();
    assert_eq!(local.issuer, "http://localhost:2583");
}

#[test]
fn an_authorization_server_offers_what_the_profile_demands() {
    let valid = vectors::json("oauth/bsky-entryway-authorization-server.json");
    for (list, item) in [
        ("scopes_supported", "atproto"),
        ("response_types_supported", "code"),
        ("grant_types_supported", "authorization_code"),
        ("grant_types_supported", "refresh_token"),
        ("code_challenge_methods_supported", "S256"),
        ("token_endpoint_auth_methods_supported", "none"),
        ("token_endpoint_auth_methods_supported", "private_key_jwt"),
        ("token_endpoint_auth_signing_alg_values_supported", "ES256"),
        ("dpop_signing_alg_values_supported", "ES256"),
    ] {
        let others: Vec<&Value> = valid[list].as_array().unwrap().iter().filter(|&i| i != item).collect();
        assert_eq!(member(server(&with(&valid, list, Some(json!(others))))), list, "{item}");
        assert_eq!(member(server(&with(&valid, list, None))), "?");
    }
    for flag in [
        "authorization_response_iss_parameter_supported",
        "require_pushed_authorization_requests",
        "client_id_metadata_document_supported",
    ] {
        assert_eq!(member(server(&with(&valid, flag, None))), flag);
        assert_eq!(member(server(&with(&valid, flag, Some(false.into())))), flag);
        assert_eq!(member(server(&with(&valid, flag, Some("true".into())))), "?");
    }
    for endpoint in [
        "authorization_endpoint",
        "token_endpoint",
        "pushed_authorization_request_endpoint",
        "revocation_endpoint",
    ] {
        for url in ["http://bsky.social/x", "javascript:alert(1)", "/relative", "https://a@bsky.social/x"] {
            assert_eq!(member(server(&with(&valid, endpoint, Some(url.into())))), endpoint, "{url}");
        }
        let absent = server(&with(&valid, endpoint, None));
        assert_eq!(absent.is_ok(), endpoint == "revocation_endpoint");
    }
    for issuer in ["https://bsky.social/", "https://bsky.social/x", "http://bsky.social", "bsky.social"] {
        let document = bytes(&with(&valid, "issuer", Some(issuer.into())));
        assert_eq!(member(AuthorizationServer::parse(&document, issuer)), "issuer", "{issuer}");
    }
}

#[test]
fn documents_are_bounded() {
    let valid = vectors::json("oauth/bsky-entryway-authorization-server.json");
    let huge = with(&valid, "x", Some("a".repeat(64 << 10).into()));
    assert_eq!(member(server(&huge)), "?");
    let twice = valid.to_string().replacen('{', r#"{"issuer":"https://evil.test","#, 1);
    assert_eq!(member(AuthorizationServer::parse(twice.as_bytes(), "https://bsky.social")), "?");
    let deep = format!("{}1{}", "[".repeat(40), "]".repeat(40));
    let deep = valid.to_string().replacen('{', &format!("{{\"x\":{deep},"), 1);
    assert_eq!(member(AuthorizationServer::parse(deep.as_bytes(), "https://bsky.social")), "?");
}

#[test]
fn a_protected_resource_names_one_authorization_server() {
    for (file, resource, issuer) in [
        ("indie", "https://pds.robocracy.org", "https://pds.robocracy.org"),
        ("morel", "https://morel.us-east.host.bsky.network", "https://bsky.social"),
    ] {
        let document = vectors::json(&format!("oauth/{file}-protected-resource.json"));
        let parse = |document: &Value| ProtectedResource::parse(&bytes(document), resource);
        assert_eq!(parse(&document).unwrap().authorization_server, issuer);
        assert_eq!(member(ProtectedResource::parse(&bytes(&document), "https://evil.test")), "resource");
        let servers = "authorization_servers";
        for list in
            [json!([]), json!([issuer, issuer]), json!(["http://bsky.social"]), json!(["https://a.test/x"])]
        {
            assert_eq!(member(parse(&with(&document, servers, Some(list)))), servers);
        }
        assert_eq!(member(parse(&with(&document, servers, Some(json!(issuer))))), "?");
        assert_eq!(member(parse(&with(&document, "resource", None))), "?");
    }
}
