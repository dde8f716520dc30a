//! What whoever runs the server may do about accounts.

use serde_json::json;
use sync::Operator;
use sync::import::Kind;

use crate::happy::{account, importer, take};
use crate::imported_tokens::{SECRET, token};
use crate::site::{Site, on_each_site};

#[tokio::test(flavor = "multi_thread")]
async fn accounts_are_counted_newest_first() {
    on_each_site(|site| async move {
        let operator = Operator::new(site.store.state.clone());
        assert_eq!(operator.accounts(10).await.unwrap(), []);
        let (ann, bob) = (site.person().await, site.person().await);
        let session = ann.session("t").await;
        ann.post(&session, &["one", "three"]).await;
        ann.machine("m").await;
        let value = json!({ "mutations": [{ "key": "k", "value": "dmFsdWU=", "version": -1 }] });
        ann.http.post("/v1/kv", &value).await.expect(200);
        let path = format!("/v1/sessions/{session}/attachments/a.enc");
        ann.http.send(ann.http.request(reqwest::Method::PUT, &path).body("sealed")).await.expect(200);
        let found = operator.accounts(10).await.unwrap();
        let ids: Vec<&str> = found.iter().map(|it| it.id.as_str()).collect();
        assert_eq!(ids, [bob.id().await, ann.id().await]);
        let of_ann = operator.account(&ann.id().await).await.unwrap().unwrap();
        assert_eq!(of_ann, found[1]);
        let counts = [of_ann.tokens, of_ann.machines, of_ann.sessions, of_ann.messages, of_ann.values];
        assert_eq!((counts, of_ann.attachments, of_ann.bytes), ([1, 1, 1, 2, 1], 1, 6 + 3 + 5 + 6 + 5 + 6));
        assert!(!of_ann.deleted && !of_ann.imported && of_ann.last_used_at.is_some());
        assert_eq!((found[0].sessions, found[0].bytes), (0, 0));
        assert_eq!(operator.accounts(1).await.unwrap().len(), 1);
        assert_eq!(operator.account("nobody").await.unwrap(), None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_one_is_gone_and_no_other() {
    on_each_site(|site| async move {
        let operator = Operator::new(site.store.state.clone());
        let (ann, bob) = (site.person().await, site.person().await);
        let (id, session) = (ann.id().await, ann.session("t").await);
        ann.post(&session, &["one"]).await;
        assert!(operator.delete(&id).await.unwrap());
        assert!(!operator.delete(&id).await.unwrap(), "it is not there any more");
        assert_eq!(operator.account(&id).await.unwrap(), None);
        bob.id().await;
        // Another instance, which has not heard of the token before.
        let next = Site::start(site.store.clone()).await;
        ann.at(&next).http.get("/v1/sessions").await.expect(401);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn revoked_are_all_tokens_also_those_from_elsewhere_that_were_never_shown() {
    on_each_site(|site| async move {
        let operator = Operator::new(site.store.state.clone());
        let importer = importer(&site.store, Some(SECRET)).await;
        importer.trust_tokens().await.unwrap();
        take(&importer, Kind::Account, &[account("u1", 1), account("u2", 2)]).await;
        let (ann, bob) = (site.person().await, site.person().await);
        let shown = token("u1", &json!({}));
        site.client.with_bearer(&shown).get("/v1/sessions").await.expect(200);
        assert_eq!(operator.revoke_tokens("u1").await.unwrap(), 1);
        assert_eq!(operator.revoke_tokens(&ann.id().await).await.unwrap(), 1);
        assert_eq!(operator.revoke_tokens("nobody").await.unwrap(), 0);
        take(&importer, Kind::Account, &[account("u1", 1)]).await;
        let next = Site::start(site.store.clone()).await;
        let status = async |token: &str| next.client.with_bearer(token).get("/v1/sessions").await.status;
        assert_eq!(status(&ann.token).await, 401);
        assert_eq!(status(&shown).await, 401);
        assert_eq!(status(&token("u1", &json!({ "jti": "never shown" }))).await, 401);
        assert_eq!(status(&token("u2", &json!({}))).await, 200);
        assert_eq!(status(&bob.token).await, 200);
    })
    .await;
}
