//! The document of a `did:web`.

use accounts::{
    Actor,
    service::{Choice, Mode},
};
use atproto::{Did, crypto::PublicKey, did_doc::DidDocument};
use serde_json::json;

use super::{Site, answers};
use crate::support::on_each_engine;

const PATH: &str = "/.well-known/did.json";

#[tokio::test(flavor = "multi_thread")]
async fn the_document_says_who_this_is_and_what_it_offers() {
    on_each_engine(async |store| {
        let site = Site::exposed(&store).await;
        let key = json!({ "fragment_id": "#label_key" });
        let made = site.admin.post("/admin/verification-methods", &key).await.expect(201);
        let document = site.anyone.get(PATH).await.expect(200);
        let did = site.did();
        let signing_key = document["verificationMethod"][0]["publicKeyMultibase"].clone();
        let expected = json!({
            "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
            "id": did,
            "verificationMethod": [
                {
                    "id": format!("{did}#atproto"), "type": "Multikey", "controller": did,
                    "publicKeyMultibase": signing_key,
                },
                {
                    "id": format!("{did}#label_key"), "type": "Multikey", "controller": did,
                    "publicKeyMultibase": made["public_key_multibase"],
                },
            ],
            "service": [{ "id": "#demo", "type": "DemoService", "serviceEndpoint": site.origin }],
        });
        assert_eq!(document, expected);
        let key = PublicKey::parse_multikey(signing_key.as_str().unwrap()).unwrap();
        assert_eq!(key.jwt_alg(), "ES256");
        let parsed = DidDocument::parse(document.to_string().as_bytes(), &Did::parse(&did).unwrap()).unwrap();
        assert_eq!(
            (parsed.signing_key(), parsed.service("demo").unwrap().origin()),
            (Some(&key), Some(site.origin.clone()))
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_domain_has_its_own_did_and_other_hosts_have_none() {
    on_each_engine(async |store| {
        let site = Site::exposed(&store).await;
        let own = site.anyone.get(PATH).await.expect(200);
        site.accounts.domains.add(&Actor::LocalOperator, "https://app.example.com").await.unwrap();
        for header in ["host", "x-forwarded-host"] {
            let other = site.anyone.with_header(header, "App.Example.com").get(PATH).await.expect(200);
            assert_eq!(other["id"], "did:web:app.example.com");
            assert_eq!(other["service"][0]["serviceEndpoint"], "https://app.example.com");
            let keys = |document: &serde_json::Value| {
                document["verificationMethod"][0]["publicKeyMultibase"].clone()
            };
            assert_eq!(keys(&other), keys(&own), "one server, one key");
            let unknown = site.anyone.with_header(header, "evil.example.com").get(PATH).await;
            assert_eq!(unknown.expect(421), json!({ "error": "Unknown host" }));
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_did_web_is_described_here() {
    on_each_engine(async |store| {
        let site = Site::start(&store).await;
        answers(404, &site.anyone.get(PATH).await);
        let account = Did::parse("did:plc:ewvi7nxzyoun6zhxrhs64oiz").unwrap();
        for (mode, account, status) in [
            (Mode::DidWeb, None, 200),
            (Mode::DidPlc, None, 404),
            (Mode::AttachAccount, Some(account), 404),
            (Mode::NotExposed, None, 404),
            (Mode::DidWeb, None, 200),
        ] {
            site.service.change_mode(Choice::new(mode, account).unwrap(), None).await.unwrap();
            assert_eq!(site.anyone.get(PATH).await.status, status, "{mode}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn others_find_this_server_by_it() {
    on_each_engine(async |store| {
        let site = Site::exposed(&store).await;
        let profile = site.service.profile(&site.did()).await.unwrap();
        assert_eq!((profile.did, profile.handle.as_str()), (site.did(), "handle.invalid"));
    })
    .await;
}
