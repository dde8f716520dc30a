//! `POST /oauth/sessions`: what is refused before the user's PDS is asked.

use accounts::clients::PermissionSets;
use atproto::{Nsid, oauth::scope::PermissionSet};
use futures::future::BoxFuture;
use serde_json::{Value, json};
use std::sync::Arc;

use super::{
    app::{App, VERIFIER},
    site::{new_client, on_each_site},
};

const DID: &str = "did:plc:ewvi7nxzyoun6zhxrhs64oiz";

/// The directory is not there, so this is as far as a good registration comes.
const PASSED: u16 = 502;

fn registration(provision_id: &str) -> Value {
    json!({
        "provision_id": provision_id, "pkce_verifier": VERIFIER, "did": DID, "access_token": "an-access-token",
        "refresh_token": "a-refresh-token", "scopes": "atproto",
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_of_other_clients_and_without_the_verifier_are_refused() {
    on_each_site(async |site| {
        let public = App::start(&site, "public", "public").await;
        let secret = App::start(&site, "secret", "confidential").await;
        let (of_public, _) = public.provision().await;
        let (of_secret, _) = secret.provision().await;
        let register = async |app: &App, body: &Value| {
            let answer = app.http.post("/oauth/sessions", body).await;
            (answer.status, answer.json()["error"].as_str().unwrap_or_default().to_owned())
        };
        let without = |body: &Value, field: &str| {
            let mut body = body.clone();
            body.as_object_mut().unwrap().remove(field);
            body
        };
        assert_eq!(register(&public, &registration(&of_public)).await.0, PASSED);
        assert_eq!(register(&secret, &without(&registration(&of_secret), "pkce_verifier")).await.0, PASSED);

        let refused = |status, message: &str| (status, message.to_owned());
        let unknown = refused(400, "unknown or expired provision_id; ask for a new key");
        assert_eq!(register(&public, &registration("hvp_0")).await, unknown);
        let missing = refused(400, "public clients must provide pkce_verifier");
        assert_eq!(register(&public, &without(&registration(&of_public), "pkce_verifier")).await, missing);
        for wrong in ["", "short", &VERIFIER.replace('a', "b")] {
            let mut body = registration(&of_public);
            body["pkce_verifier"] = wrong.into();
            assert_eq!(register(&public, &body).await, refused(401, "PKCE verification failed"));
        }
        // A key of a confidential client has no challenge that a public one could meet.
        assert_eq!(
            register(&public, &registration(&of_secret)).await,
            refused(401, "PKCE verification failed")
        );
        let foreign = refused(401, "provision_id does not belong to this client");
        assert_eq!(register(&secret, &registration(&of_public)).await, foreign);
        let other = App::start(&site, "other", "public").await;
        assert_eq!(register(&other, &registration(&of_public)).await, foreign);

        let unproved = secret.named.post("/oauth/sessions", &registration(&of_secret)).await;
        assert_eq!(unproved.expect(401)["error"], "non-public clients must provide X-Client-Secret");
        let unnamed = site.http.post("/oauth/sessions", &registration(&of_secret)).await;
        assert_eq!(unnamed.expect(401)["error"], "X-Client-Key header required");
        for (field, value) in [
            ("did", json!("alice.test")),
            ("did", json!("did:plc:")),
            ("access_token", json!("")),
            ("access_token", json!("a b")),
            ("refresh_token", json!("a\nb")),
            ("expires_at", json!("tomorrow")),
            ("scopes", json!(["atproto"])),
        ] {
            let mut body = registration(&of_public);
            body[field] = value.clone();
            assert_eq!(register(&public, &body).await.0, 400, "{field}: {value}");
        }
        let garbage = public.http.post("/oauth/sessions", &json!({})).await;
        assert!(garbage.expect(400)["error"].as_str().unwrap().starts_with("invalid request body"));
        assert_eq!(site.count("SELECT count(*) FROM pds_sessions").await, 0);
    })
    .await;
}

struct Known;

impl PermissionSets for Known {
    fn permission_set<'a>(&'a self, nsid: &'a Nsid) -> BoxFuture<'a, Option<PermissionSet>> {
        let lexicon = json!({ "lexicon": 1, "id": "com.example.authBasic", "defs": { "main": {
            "type": "permission-set",
            "permissions": [
                { "type": "permission", "resource": "repo", "collection": ["com.example.note"] },
                { "type": "permission", "resource": "rpc", "lxm": ["com.example.getNote"], "aud": "*" },
            ],
        }}});
        let set = PermissionSet::parse(lexicon.to_string().as_bytes()).unwrap();
        Box::pin(async move { (nsid.as_str() == "com.example.authBasic").then_some(set) })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_has_atproto_and_no_scope_beyond_its_client() {
    on_each_site(async |site| {
        site.clients().use_permission_sets(Arc::new(Known));
        for (n, (of_client, granted, missing)) in [
            ("atproto", "atproto", None),
            ("atproto transition:generic", "atproto", None),
            ("atproto", "transition:generic", Some("atproto")),
            ("atproto", "", Some("atproto")),
            ("atproto", "atproto transition:generic", Some("transition:generic")),
            ("atproto transition:generic", "atproto repo:com.example.note", None),
            ("atproto repo:com.example.note", "atproto repo:com.example.note?action=create", None),
            (
                "atproto repo:com.example.note?action=create",
                "atproto repo:com.example.note",
                Some("repo:com.example.note"),
            ),
            (
                "atproto repo:com.example.note",
                "atproto repo:com.example.other",
                Some("repo:com.example.other"),
            ),
            ("atproto include:com.example.authBasic", "atproto repo:com.example.note?action=delete", None),
            ("atproto include:com.example.authBasic", "atproto rpc:com.example.getNote?aud=*", None),
            (
                "atproto include:com.example.authBasic",
                "atproto rpc:com.example.putNote?aud=*",
                Some("rpc:com.example.putNote?aud=*"),
            ),
            (
                "atproto repo:com.example.note rpc:com.example.getNote?aud=*",
                "atproto include:com.example.authBasic",
                None,
            ),
            ("atproto", "atproto include:com.example.authBasic", Some("repo:com.example.note")),
            ("atproto", "atproto include:com.example.unknown", Some("include:com.example.unknown")),
            ("atproto include:com.example.unknown", "atproto include:com.example.unknown", None),
            ("atproto", "atproto some:new-scope", Some("some:new-scope")),
        ]
        .into_iter()
        .enumerate()
        {
            let mut new = new_client(&format!("app{n}"), "confidential");
            new.scopes = Some(of_client.to_owned());
            let app = App::new(&site, site.clients().create(None, new).await.unwrap());
            let (provision_id, _) = app.provision().await;
            let mut body = registration(&provision_id);
            body["scopes"] = granted.into();
            let answer = app.http.post("/oauth/sessions", &body).await;
            match missing {
                None => assert_eq!(answer.status, PASSED, "{granted} of {of_client}: {answer:?}"),
                Some(scope) => {
                    let error = answer.expect(400);
                    let named = error["error"].as_str().unwrap();
                    assert!(named.contains(&format!("'{scope}'")), "{granted} of {of_client}: {error}");
                }
            }
        }
    })
    .await;
}
