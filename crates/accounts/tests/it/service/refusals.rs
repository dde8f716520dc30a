//! Tokens that are not believed: one test for each check of spec/appview.md §3.4.

use accounts::service::{Choice, Mode};
use atproto::crypto::PrivateKey;
use data_encoding::BASE64URL_NOPAD;
use serde_json::json;

use super::{
    Draft, Issuer, Site, answers,
    token::{METHOD, now},
};
use crate::support::on_each_engine;

/// What a refused call is answered.
fn refused(text: &str) -> (u16, String) {
    (401, text.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn structure() {
    on_each_engine(async |store| {
        let site = Site::exposed(&store).await;
        let key = PrivateKey::generate_p256();
        let issuer = Issuer::with_key(&key).await;
        let good = Draft::new(&issuer.did, &site.audience(), METHOD).sign(&key);
        let parts: Vec<&str> = good.split('.').collect();
        let [header, claims, signature] = parts[..] else { panic!("three parts") };
        for bad in [
            "x".to_owned(),
            format!("{header}.{claims}"),
            format!("{header}.{claims}."),
            format!("{header}.{claims}.{signature}."),
            format!("{header}.{claims}.{signature}.{signature}"),
            format!("{header}..{signature}"),
            format!("{header}=.{claims}.{signature}"),
            format!("{header}.{claims}.{signature}A"),
            format!("{header}.{claims}.{}", &signature[1..]),
            format!("{header}.{}.{signature}", BASE64URL_NOPAD.encode(b"[]")),
            format!("{header}.{}.{signature}", "A".repeat(9000)),
        ] {
            let (status, text) = site.call(METHOD, &bad).await;
            assert_eq!(status, 401, "{bad}");
            assert!(text.starts_with("the service token is malformed"), "{bad}: {text}");
        }
        assert_eq!(site.call(METHOD, &good).await.0, 200, "none of them spent it");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn algorithm_and_type() {
    on_each_engine(async |store| {
        let site = Site::exposed(&store).await;
        let key = PrivateKey::generate_p256();
        let issuer = Issuer::with_key(&key).await;
        let draft = || Draft::new(&issuer.did, &site.audience(), METHOD);
        for alg in ["none", "None", "HS256", "RS256", "ES384", "es256", ""] {
            let token = draft().header("alg", alg).sign(&key);
            let expected = refused("a service token must be signed with ES256 or ES256K");
            assert_eq!(site.call(METHOD, &token).await, expected, "{alg}");
        }
        for typ in ["at+jwt", "refresh+jwt", "dpop+jwt", "DPoP+JWT", "application/at+jwt"] {
            let (status, text) = site.call(METHOD, &draft().header("typ", typ).sign(&key)).await;
            assert_eq!((status, &*text), (401, &*format!("a token of type {typ:?} is no service token")));
        }
        assert_eq!(site.call(METHOD, &draft().header("typ", "anything").sign(&key)).await.0, 200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn times() {
    on_each_engine(async |store| {
        let site = Site::exposed(&store).await;
        let key = PrivateKey::generate_p256();
        let issuer = Issuer::with_key(&key).await;
        let token = |iat: i64, exp: i64| {
            Draft::new(&issuer.did, &site.audience(), METHOD).claim("iat", iat).claim("exp", exp).sign(&key)
        };
        let now = now();
        let expired = refused("the service token has expired");
        assert_eq!(site.call(METHOD, &token(now - 120, now - 1)).await, expired);
        assert_eq!(site.call(METHOD, &token(now, 0)).await, expired);
        assert_eq!(site.call(METHOD, &token(now, -1)).await, expired);
        let long = refused("the service token is valid for more than an hour");
        assert_eq!(site.call(METHOD, &token(now, now + 3700)).await, long);
        let (status, text) = site.call(METHOD, &token(now + 90, now + 120)).await;
        assert!(status == 401 && text.starts_with("the service token is from the future"), "{text}");
        assert_eq!(site.call(METHOD, &token(now, now + 3590)).await.0, 200);
        for exp in [json!(null), json!("soon"), json!(i64::MAX), json!(1e300)] {
            let draft = Draft::new(&issuer.did, &site.audience(), METHOD).claim("exp", exp.clone());
            assert_eq!(site.call(METHOD, &draft.sign(&key)).await.0, 401, "{exp}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn audience() {
    on_each_engine(async |store| {
        let site = Site::exposed(&store).await;
        let key = PrivateKey::generate_p256();
        let issuer = Issuer::with_key(&key).await;
        let did = site.did();
        for (aud, text) in [
            (format!("{did}0#demo"), "the service token is for another service"),
            (format!("{did}:x#demo"), "the service token is for another service"),
            (did[..did.len() - 1].to_owned() + "#demo", "the service token is for another service"),
            ("did:web:localhost#demo".to_owned(), "the service token is for another service"),
            (issuer.did.to_string(), "the service token is for another service"),
            (format!("{did}#"), "the service token is for another service"),
            (format!("{did}#demo#demo"), "the service token is for another service"),
            (String::new(), "the service token is for another service"),
            (site.origin.clone(), "the service token is for another service"),
            (format!("{did}#dem"), "the service token is for a service that is not offered here"),
            (format!("{did}#Demo"), "the service token is for a service that is not offered here"),
        ] {
            let token = Draft::new(&issuer.did, &aud, METHOD).sign(&key);
            assert_eq!(site.call(METHOD, &token).await, refused(text), "{aud}");
        }
        let draft = || Draft::new(&issuer.did, &site.audience(), METHOD);
        for aud in [json!(null), json!([site.audience()]), json!(1)] {
            let token = draft().claim("aud", aud.clone()).sign(&key);
            assert_eq!(site.call(METHOD, &token).await, refused("the service token is for another service"));
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn method() {
    on_each_engine(async |store| {
        let site = Site::exposed(&store).await;
        let key = PrivateKey::generate_p256();
        let issuer = Issuer::with_key(&key).await;
        let draft = || Draft::new(&issuer.did, &site.audience(), METHOD);
        let other = "com.example.demo.getNote";
        for lxm in [json!(other), json!(null), json!("*"), json!(""), json!([METHOD]), json!("no nsid")] {
            let token = draft().claim("lxm", lxm.clone()).sign(&key);
            let expected = refused("the service token is for another method");
            assert_eq!(site.call(METHOD, &token).await, expected, "{lxm}");
        }
        assert_eq!(site.call(other, &draft().claim("lxm", other).sign(&key)).await.0, 200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn issuer() {
    on_each_engine(async |store| {
        let site = Site::exposed(&store).await;
        let key = PrivateKey::generate_p256();
        let issuer = Issuer::with_key(&key).await;
        let draft = || Draft::new(&issuer.did, &site.audience(), METHOD);
        for iss in [json!(null), json!(""), json!("alice.test"), json!(1), json!(format!("{}#", issuer.did))]
        {
            let token = draft().claim("iss", iss.clone()).sign(&key);
            let expected = refused("the issuer of the service token is not a DID");
            assert_eq!(site.call(METHOD, &token).await, expected, "{iss}");
        }
        for iss in ["did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme", "did:web:127.0.0.1"] {
            let token = draft().claim("iss", iss).sign(&key);
            let expected = refused("the issuer of the service token cannot be resolved");
            assert_eq!(site.call(METHOD, &token).await, expected, "{iss}");
        }
        let keyless = Issuer::start().await;
        keyless.set_methods(&[]);
        let token = Draft::new(&keyless.did, &site.audience(), METHOD).sign(&key);
        let expected = refused("the issuer of the service token has no such key");
        assert_eq!(site.call(METHOD, &token).await, expected);
        let down = Issuer::start().await;
        down.fail();
        let token = Draft::new(&down.did, &site.audience(), METHOD).sign(&key);
        assert_eq!(site.call(METHOD, &token).await, (503, "Authentication is unavailable".to_owned()));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn curve_and_signature() {
    on_each_engine(async |store| {
        let site = Site::exposed(&store).await;
        let (key, other) = (PrivateKey::generate_p256(), PrivateKey::generate_p256());
        let k256 = PrivateKey::generate_k256();
        let issuer = Issuer::with_key(&key).await;
        let draft = || Draft::new(&issuer.did, &site.audience(), METHOD);
        let curve = refused("the service token was not signed on the curve of its issuer's key");
        assert_eq!(site.call(METHOD, &draft().sign(&k256)).await, curve);
        assert_eq!(site.call(METHOD, &draft().header("alg", "ES256K").sign(&key)).await, curve);
        let signature = refused("the signature of the service token is not valid");
        assert_eq!(site.call(METHOD, &draft().sign(&other)).await, signature);
        assert_eq!(site.call(METHOD, &draft().header("alg", "ES256").sign(&k256)).await, signature);
        // The signature of one token under the claims of another.
        let (mine, yours) = (draft().sign(&key), draft().sign(&key));
        let (input, _) = mine.rsplit_once('.').unwrap();
        let (_, foreign) = yours.rsplit_once('.').unwrap();
        assert_eq!(site.call(METHOD, &format!("{input}.{foreign}")).await, signature);
        let zeros = BASE64URL_NOPAD.encode(&[0; 64]);
        assert_eq!(site.call(METHOD, &format!("{input}.{zeros}")).await, signature);
        assert_eq!(site.call(METHOD, &mine).await.0, 200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn identity_mode() {
    on_each_engine(async |store| {
        let site = Site::start(&store).await;
        let key = PrivateKey::generate_p256();
        let issuer = Issuer::with_key(&key).await;
        let token = || Draft::new(&issuer.did, &site.audience(), METHOD).sign(&key);
        let disabled = refused("service authentication is not enabled here");
        assert_eq!(site.call(METHOD, &token()).await, disabled, "nothing chosen");
        site.expose().await;
        assert_eq!(site.call(METHOD, &token()).await.0, 200);
        let choice = Choice::new(Mode::NotExposed, None).unwrap();
        site.service.change_mode(choice, None).await.unwrap();
        assert_eq!(site.call(METHOD, &token()).await, disabled);
        let choice = Choice::new(Mode::DidPlc, None).unwrap();
        site.service.change_mode(choice, None).await.unwrap();
        assert_eq!(site.call(METHOD, &token()).await, disabled, "not registered yet");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn access_of_the_entry_and_its_event() {
    on_each_engine(async |store| {
        let site = Site::exposed(&store).await;
        let key = PrivateKey::generate_p256();
        let issuer = Issuer::with_key(&key).await;
        let draft = |fragment: &str| Draft::new(&issuer.did, &format!("{}{fragment}", site.did()), METHOD);
        answers(
            204,
            &site.admin.put("/admin/service-entries/1", &json!({ "access_mode": "specific" })).await,
        );
        let listed = json!({ "lexicon_ids": ["com.example.demo.getNote"] });
        answers(204, &site.admin.post("/admin/service-entries/1/xrpcs", &listed).await);
        let not_admitted = refused("the service does not admit the method");
        assert_eq!(site.call(METHOD, &draft("#demo").sign(&key)).await, not_admitted);
        let no_entry = refused("the service token is for a service that is not offered here");
        assert_eq!(site.call(METHOD, &draft("#none").sign(&key)).await, no_entry);
        // What strangers make up is not worth an event.
        assert_eq!(site.call(METHOD, &draft("#none").sign(&PrivateKey::generate_p256())).await.0, 401);
        let mut told = site.log.told().await;
        told.retain(|(kind, ..)| kind == "service_auth.access_denied");
        let denied = |fragment: &str, reason: &str| {
            let detail = json!({ "fragment": fragment, "reason": reason });
            let actor = Some(issuer.did.to_string());
            ("service_auth.access_denied".to_owned(), actor, METHOD.to_owned(), detail)
        };
        assert_eq!(told, [denied("#demo", "not_admitted"), denied("#none", "no_entry")]);
    })
    .await;
}

/// Whoever has a DID signs as many tokens as they like.
#[tokio::test(flavor = "multi_thread")]
async fn refusals_do_not_fill_the_event_log() {
    let database = testkit::TestDatabase::sqlite();
    let site = Site::exposed(&database.open(&crate::support::schemas()).await).await;
    let key = PrivateKey::generate_p256();
    let issuer = Issuer::with_key(&key).await;
    let audience = format!("{}#none", site.did());
    for _ in 0..130 {
        assert_eq!(site.call(METHOD, &Draft::new(&issuer.did, &audience, METHOD).sign(&key)).await.0, 401);
    }
    let mut told = site.log.told().await;
    told.retain(|(kind, ..)| kind == "service_auth.access_denied");
    assert!((100..=110).contains(&told.len()), "{}", told.len());
}
