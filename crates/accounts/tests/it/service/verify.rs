//! Tokens that are believed.

use accounts::{Actor, permissions::SETTINGS_MANAGE, users::NewUser};
use atproto::crypto::PrivateKey;
use serde_json::json;

use super::{Draft, Issuer, Site, answers, token::METHOD};
use crate::support::on_each_engine;

#[tokio::test(flavor = "multi_thread")]
async fn a_token_speaks_for_its_issuer_on_either_curve() {
    on_each_engine(async |store| {
        let site = Site::exposed(&store).await;
        for key in [PrivateKey::generate_p256(), PrivateKey::generate_k256()] {
            let issuer = Issuer::with_key(&key).await;
            let draft = || Draft::new(&issuer.did, &site.audience(), METHOD);
            let expected = (200, issuer.did.to_string());
            assert_eq!(site.call(METHOD, &draft().sign(&key)).await, expected);
            assert_eq!(site.call(METHOD, &draft().sign_high(&key)).await, expected, "high s");
            assert_eq!(site.call(METHOD, &draft().claim("jti", ()).sign(&key)).await, expected, "no jti");
            assert_eq!(site.call(METHOD, &draft().claim("iat", ()).sign(&key)).await, expected, "no iat");
            assert_eq!(site.call(METHOD, &draft().header("typ", ()).sign(&key)).await, expected, "no typ");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bare_audience_is_what_a_pds_sends_and_admits_what_any_entry_does() {
    on_each_engine(async |store| {
        let site = Site::exposed(&store).await;
        let key = PrivateKey::generate_k256();
        let issuer = Issuer::with_key(&key).await;
        let token = || Draft::new(&issuer.did, &site.did(), METHOD).sign(&key);
        assert_eq!(site.call(METHOD, &token()).await.0, 200);
        let specific = json!({ "access_mode": "specific" });
        answers(204, &site.admin.put("/admin/service-entries/1", &specific).await);
        let refused = (401, "the service does not admit the method".to_owned());
        assert_eq!(site.call(METHOD, &token()).await, refused);
        let listed = json!({ "lexicon_ids": [METHOD] });
        answers(204, &site.admin.post("/admin/service-entries/1/xrpcs", &listed).await);
        assert_eq!(site.call(METHOD, &token()).await.0, 200);
        answers(204, &site.admin.delete("/admin/service-entries/1").await);
        let refused = (401, "the service token is for a service that is not offered here".to_owned());
        assert_eq!(site.call(METHOD, &token()).await, refused);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_domain_is_an_audience_as_long_as_it_is_one() {
    on_each_engine(async |store| {
        let site = Site::exposed(&store).await;
        let key = PrivateKey::generate_p256();
        let issuer = Issuer::with_key(&key).await;
        let token = || Draft::new(&issuer.did, "did:web:other.example#demo", METHOD).sign(&key);
        let refused = (401, "the service token is for another service".to_owned());
        assert_eq!(site.call(METHOD, &token()).await, refused);
        let operator = Actor::LocalOperator;
        let domain = site.accounts.domains.add(&operator, "https://other.example").await.unwrap();
        assert_eq!(site.call(METHOD, &token()).await.0, 200);
        site.accounts.domains.remove(&operator, &domain.id).await.unwrap();
        assert_eq!(site.call(METHOD, &token()).await, refused);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_of_the_older_types_are_read_too() {
    on_each_engine(async |store| {
        let site = Site::exposed(&store).await;
        let (p256, k256) = (PrivateKey::generate_p256(), PrivateKey::generate_k256());
        for (key, kind) in
            [(p256, "EcdsaSecp256r1VerificationKey2019"), (k256, "EcdsaSecp256k1VerificationKey2019")]
        {
            // The older types leave the two bytes out that name the curve.
            let multikey = key.public().multikey();
            let point = bs58::decode(&multikey[1..]).into_vec().unwrap().split_off(2);
            let issuer = Issuer::start().await;
            issuer.set_methods(&[("atproto", kind, &format!("z{}", bs58::encode(point).into_string()))]);
            let token = Draft::new(&issuer.did, &site.audience(), METHOD).sign(&key);
            assert_eq!(site.call(METHOD, &token).await, (200, issuer.did.to_string()), "{kind}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_of_an_account_signs_with_its_own_key_and_is_not_the_account() {
    on_each_engine(async |store| {
        let site = Site::exposed(&store).await;
        let (account, labeler) = (PrivateKey::generate_k256(), PrivateKey::generate_p256());
        let issuer = Issuer::start().await;
        issuer.set_methods(&[
            ("atproto", "Multikey", &account.public().multikey()),
            ("atproto_label", "Multikey", &labeler.public().multikey()),
        ]);
        let token = |name: &str, key| {
            let iss = format!("{}#{name}", issuer.did);
            Draft::new(&issuer.did, &site.audience(), METHOD).claim("iss", iss).sign(key)
        };
        let did = &issuer.did;
        assert_eq!(site.call(METHOD, &token("atproto", &account)).await, (200, did.to_string()));
        let expected = (200, format!("{did}#atproto_labeler"));
        assert_eq!(site.call(METHOD, &token("atproto_labeler", &labeler)).await, expected);
        for (name, key) in [("atproto", &labeler), ("atproto_labeler", &account), ("nothing", &account)] {
            assert_eq!(site.call(METHOD, &token(name, key)).await.0, 401, "{name}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_for_no_method_opens_routes_that_are_none() {
    on_each_engine(async |store| {
        let site = Site::exposed(&store).await;
        let key = PrivateKey::generate_p256();
        let issuer = Issuer::with_key(&key).await;
        let draft = |audience: &str| Draft::new(&issuer.did, audience, METHOD);
        let unbound = |audience: &str| draft(audience).claim("lxm", ()).sign(&key);
        assert_eq!(site.get("/private", &unbound(&site.audience())).await, (200, issuer.did.to_string()));
        let refused = (401, "the service token names neither a method nor a service".to_owned());
        assert_eq!(site.get("/private", &unbound(&site.did())).await, refused);
        for audience in [site.audience(), site.did()] {
            let bound = draft(&audience).sign(&key);
            let refused = (401, "the service token is for another method".to_owned());
            assert_eq!(site.get("/private", &bound).await, refused);
        }
        let nowhere = draft(&format!("{}#nothing", site.did())).claim("lxm", ()).sign(&key);
        assert_eq!(site.get("/private", &nowhere).await.0, 401);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_may_come_with_a_token_for_a_service() {
    on_each_engine(async |store| {
        let site = Site::exposed(&store).await;
        let (key, labeler) = (PrivateKey::generate_k256(), PrivateKey::generate_p256());
        let issuer = Issuer::start().await;
        issuer.set_methods(&[
            ("atproto", "Multikey", &key.public().multikey()),
            ("atproto_label", "Multikey", &labeler.public().multikey()),
        ]);
        let path = "/admin/service-identity";
        let unbound = || Draft::new(&issuer.did, &site.audience(), METHOD).claim("lxm", ());
        assert_eq!(site.get(path, &unbound().sign(&key)).await.0, 403, "not a user");
        let new = NewUser {
            did: issuer.did.clone(),
            template: None,
            permissions: vec![SETTINGS_MANAGE.name().to_owned()],
        };
        site.accounts.users.create(&Actor::LocalOperator, new).await.unwrap();
        assert_eq!(site.get(path, &unbound().sign(&key)).await.0, 200);
        assert_eq!(site.get(path, &Draft::new(&issuer.did, &site.did(), METHOD).sign(&key)).await.0, 401);
        let as_labeler = unbound().claim("iss", format!("{}#atproto_labeler", issuer.did)).sign(&labeler);
        assert_eq!(site.get(path, &as_labeler).await.0, 403, "the labeler is not the user");
    })
    .await;
}
