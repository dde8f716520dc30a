//! Starting jobs, and what they look like.

use serde_json::{Value, json};

use super::{job, started};
use crate::harness::{ALICE, BOB, STATUS, Server, Surroundings, on_each_server, schemas};
use testkit::DnsServer;

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_shown_as_it_was_asked_for() {
    on_each_server(|server| async move {
        server.add_status_lexicons().await;
        let all = started(&server, &json!({})).await;
        let shown = job(&server, &all).await;
        insta::allow_duplicates! {
            insta::assert_json_snapshot!("job", shown, {
                ".id" => "[id]", ".created_at" => "[time]",
            });
        }
        let asked = json!({ "collection": STATUS, "did": ALICE, "mode": "blocks", "verified": true });
        let one = job(&server, &started(&server, &asked).await).await;
        let fields = ["collection", "did", "scope", "mode", "verified"].map(|field| one[field].clone());
        assert_eq!(fields, [json!(STATUS), json!(ALICE), json!("dids"), json!("blocks"), json!(true)]);
        let listed = server.admin.get("/admin/backfill/status").await.expect(200);
        assert_eq!(listed, json!([one, shown]), "the newest first");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn repositories_are_named_by_did_or_handle() {
    testkit::on_each_engine(&schemas(), |store| async move {
        let dns = DnsServer::start().await;
        dns.txt("_atproto.bob.example.com", &[&format!("did={BOB}")]);
        let surroundings = Surroundings { dns: Some(dns.address.to_string()), ..Surroundings::nobody() };
        let server = Server::launch(store, surroundings).await;
        server.add_status_lexicons().await;
        let both = json!({ "scope": "dids", "dids": [ALICE, "@bob.example.com", BOB] });
        let both = job(&server, &started(&server, &both).await).await;
        assert_eq!((&both["did"], &both["scope"]), (&Value::Null, &json!("dids")));
        let one = started(&server, &json!({ "collection": STATUS, "dids": ["bob.example.com"] })).await;
        assert_eq!(job(&server, &one).await["did"], BOB);
        let unknown = json!({ "dids": ["nobody.example.com"] });
        let refused = server.admin.post("/admin/backfill", &unknown).await;
        assert!((400..500).contains(&refused.status), "{refused:?}");
        assert!(refused.json()["error"].as_str().unwrap().contains("nobody.example.com"), "{refused:?}");
    })
    .await;
}
