//! What is shown to `/v2/`.

use http::HeaderMap;
use http::header::AUTHORIZATION;
use oci::{Actions, TokenProblem};
use registry::auth::{LoginError, Presented};
use reqwest::header::HeaderValue;

use super::site::{Site, on_each_site, text};
use super::stand_in::{ALICE, PASSWORD};

fn headers(value: &str) -> HeaderMap {
    HeaderMap::from_iter([(AUTHORIZATION, HeaderValue::try_from(value).unwrap())])
}

pub(crate) fn basic(name: &str, secret: &str) -> HeaderMap {
    headers(&format!("Basic {}", data_encoding::BASE64.encode(format!("{name}:{secret}").as_bytes())))
}

async fn shown(site: &Site, headers: &HeaderMap) -> Presented {
    site.auth.presented(headers, Some([192, 0, 2, 1].into())).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn is_nobody_a_token_a_login_or_refused() {
    on_each_site(async |site| {
        let (app, others) = (site.repository("alice.test/app").await, site.repository("bob.test/app").await);
        let nobody = shown(&site, &HeaderMap::new()).await;
        assert!(matches!(nobody, Presented::Nobody));
        assert_eq!(site.auth.allowed(&nobody, &app).await.unwrap(), Actions::PULL);
        let scope = [("scope", "repository:alice.test/app:pull,push")];
        let token = text(&site.token(Some(("alice.test", PASSWORD)), &scope).await.expect(200), "token");
        let bearer = shown(&site, &headers(&format!("Bearer {token}"))).await;
        assert_eq!(bearer.subject().unwrap().as_str(), ALICE);
        assert_eq!(site.auth.allowed(&bearer, &app).await.unwrap(), Actions::PULL | Actions::PUSH);
        assert_eq!(site.auth.allowed(&bearer, &others).await.unwrap(), Actions::NONE);
        let login = shown(&site, &basic("alice.test", PASSWORD)).await;
        assert!(matches!(login, Presented::Login(_)));
        let everything = Actions::PULL | Actions::PUSH | Actions::DELETE;
        assert_eq!(site.auth.allowed(&login, &app).await.unwrap(), everything);
        assert_eq!(site.auth.allowed(&login, &others).await.unwrap(), Actions::PULL);
        for value in ["Basic !", "Bearer x", "Bearer ", "DPoP abc", &format!("Bearer {token}x")] {
            let refused = shown(&site, &headers(value)).await;
            assert!(matches!(refused, Presented::Refused(TokenProblem::Invalid)), "{value}");
            assert_eq!(site.auth.allowed(&refused, &app).await.unwrap(), Actions::NONE);
        }
        let wrong = shown(&site, &basic("alice.test", "wrong")).await;
        assert!(matches!(wrong, Presented::Refused(TokenProblem::Invalid)));
        site.pds().answer("/xrpc/com.atproto.server.createSession", Some((503, serde_json::Value::Null)));
        let unavailable = site.auth.presented(&basic("bob.test", PASSWORD), None).await;
        assert!(matches!(unavailable, Err(LoginError::Unavailable(_))), "{unavailable:?}");
    })
    .await;
}
