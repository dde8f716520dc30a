//! `dev.happyview.*ApiClient*`: users of an app make clients of their own below it (spec/appview.md §3.6).

use accounts::clients::ClientChange;
use serde_json::{Value, json};

use super::{
    app::App,
    credentials::make_user,
    site::{Site, on_each_site},
};

const ALICE: &str = "did:plc:ewvi7nxzyoun6zhxrhs64oiz";
const BOB: &str = "did:plc:bobbobbobbobbobbobbobbob";
const LIST: &str = "/xrpc/dev.happyview.listApiClients";
const CREATE: &str = "/xrpc/dev.happyview.createApiClient";
const DELETE: &str = "/xrpc/dev.happyview.deleteApiClient";

fn show(id: &str) -> String {
    format!("/xrpc/dev.happyview.getApiClient?id={id}")
}

fn new(name: &str) -> Value {
    json!({
        "name": name,
        "clientIdUrl": format!("https://{name}.example.org/client.json"),
        "clientUri": format!("https://{name}.example.org"),
        "redirectUris": [format!("https://{name}.example.org/callback")],
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_makes_sees_and_removes_a_client() {
    on_each_site(async |site| {
        let alice = App::start(&site, "parent", "public").await.device(&site, ALICE).await;
        assert_eq!(alice.get(LIST).await.expect(200), json!({ "clients": [] }));
        let made = alice.post(CREATE, &new("mine")).await.expect(201);
        assert!(made["clientSecret"].as_str().unwrap().starts_with("hvs_"));
        let mut client = made["client"].clone();
        let id = client["id"].as_str().unwrap().to_owned();
        assert_eq!(alice.get(LIST).await.expect(200), json!({ "clients": [client] }));
        assert_eq!(alice.get(&show(&id)).await.expect(200), json!({ "client": client }));
        assert!(client["clientKey"].as_str().unwrap().starts_with("hvc_"));
        for random in ["clientKey", "createdAt", "id"] {
            client.as_object_mut().unwrap().remove(random);
        }
        let expected = json!({
            "name": "mine", "clientIdUrl": "https://mine.example.org/client.json",
            "clientUri": "https://mine.example.org", "redirectUris": ["https://mine.example.org/callback"],
            "clientType": "confidential", "scopes": "atproto", "allowedOrigins": null, "isActive": true,
        });
        assert_eq!(client, expected);

        let mut public = new("public");
        public["clientType"] = "public".into();
        assert!(alice.post(CREATE, &public).await.expect(201).get("clientSecret").is_none());
        assert_eq!(alice.post(DELETE, &json!({ "id": id })).await.expect(200), json!({}));
        assert_eq!(alice.get(&show(&id)).await.expect(404), json!({ "error": "API client not found" }));
        assert_eq!(alice.post(DELETE, &json!({ "id": id })).await.status, 404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_reaches_clients_of_other_users_or_apps() {
    on_each_site(async |site| {
        let (app, other) =
            (App::start(&site, "app", "public").await, App::start(&site, "other", "public").await);
        let (alice, bob) = (app.device(&site, ALICE).await, app.device(&site, BOB).await);
        let elsewhere = other.device(&site, ALICE).await;
        let made = alice.post(CREATE, &new("mine")).await.expect(201);
        let id = made["client"]["id"].as_str().unwrap();
        for stranger in [&bob, &elsewhere] {
            assert_eq!(stranger.get(LIST).await.expect(200), json!({ "clients": [] }));
            drop(stranger.get(&show(id)).await.expect(404));
            drop(stranger.post(DELETE, &json!({ "id": id })).await.expect(404));
            drop(stranger.post(DELETE, &json!({ "id": app.client.client.id })).await.expect(404));
        }
        assert_eq!(alice.get(&show(id)).await.status, 200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_number_of_ones_clients_is_bounded() {
    on_each_site(async |site| {
        let app = App::start(&site, "app", "public").await;
        let (alice, bob) = (app.device(&site, ALICE).await, app.device(&site, BOB).await);
        for n in 0..100 {
            drop(alice.post(CREATE, &new(&format!("mine-{n}"))).await.expect(201));
        }
        let refused = alice.post(CREATE, &new("one-more")).await;
        assert_eq!(refused.expect(403), json!({ "error": "too many API clients; delete some" }));
        drop(bob.post(CREATE, &new("of-bob")).await.expect(201));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_says_so() {
    on_each_site(async |site| {
        let alice = App::start(&site, "app", "public").await.device(&site, ALICE).await;
        drop(alice.post(CREATE, &new("mine")).await.expect(201));
        let duplicate = alice.post(CREATE, &new("mine")).await;
        assert_eq!(duplicate.expect(409), json!({ "error": "client_id_url already registered" }));
        let mut bad = new("bad");
        bad["clientType"] = "secret".into();
        assert_eq!(alice.post(CREATE, &bad).await.expect(400), json!({ "error": "Invalid client_type" }));
        for body in [json!({}), json!([]), json!({ "name": 1 })] {
            for path in [CREATE, DELETE] {
                let error = alice.post(path, &body).await.expect(400);
                assert!(error["error"].as_str().unwrap().starts_with("invalid request body"), "{error}");
            }
        }
        drop(alice.get("/xrpc/dev.happyview.getApiClient").await.expect(400));
        for answer in [
            site.http.get(LIST).await,
            site.http.get(&show("x")).await,
            site.http.post(CREATE, &new("x")).await,
            site.http.post(DELETE, &json!({ "id": "x" })).await,
        ] {
            assert_eq!(answer.expect(401), json!({ "error": "requires DPoP authentication" }));
        }
    })
    .await;
}

/// A client of Alice below `app`, with a device of Bob.
async fn child(site: &Site, app: &App) -> (App, super::app::Device) {
    let alice = app.device(site, ALICE).await;
    let made = alice.post(CREATE, &new("child")).await.expect(201);
    let id = made["client"]["id"].as_str().unwrap();
    let client = accounts::clients::NewClientCredentials {
        client: site.clients().get(id).await.unwrap(),
        client_secret: made["clientSecret"].as_str().map(str::to_owned),
    };
    let child = App::new(site, client);
    let device = child.device(site, BOB).await;
    (child, device)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_child_works_but_has_no_children() {
    on_each_site(async |site| {
        let app = App::start(&site, "app", "public").await;
        let (_, bob) = child(&site, &app).await;
        // Whoever registers it may have anybody for a user, operators included, and must not act for them as such.
        make_user(&site, BOB, &["lexicons:read"]).await;
        let who = bob.get("/xrpc/test.example.who").await.expect(200);
        assert_eq!((&who["did"], &who["permissions"]), (&json!(BOB), &json!([])));
        assert_eq!(bob.get("/admin/lexicons").await.expect(403), json!({ "error": "not a user" }));
        let limit = bob.get("/xrpc/test.example.identify").await.expect(200);
        assert_eq!((&limit["capacity"], &limit["client"]), (&json!(100), &json!("child")));
        let refused = json!({ "error": "Child clients cannot create API clients" });
        assert_eq!(bob.post(CREATE, &new("grandchild")).await.expect(403), refused);
        for answer in
            [bob.get(LIST).await, bob.get(&show("x")).await, bob.post(DELETE, &json!({ "id": "x" })).await]
        {
            assert_eq!(answer.expect(401), json!({ "error": "child clients cannot manage API clients" }));
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_child_stops_with_its_parent() {
    on_each_site(async |site| {
        let app = App::start(&site, "app", "public").await;
        let (child, bob) = child(&site, &app).await;
        let who = "/xrpc/test.example.who";
        assert_eq!(bob.get(who).await.status, 200);
        let active = |is_active| ClientChange { is_active: Some(is_active), ..ClientChange::default() };
        site.clients().update(None, &app.client.client.id, active(false)).await.unwrap();
        assert_eq!(bob.get(who).await.expect(401)["error"], "Invalid client");
        site.clients().update(None, &app.client.client.id, active(true)).await.unwrap();
        assert_eq!(bob.get(who).await.status, 200);
        site.clients().remove(None, &app.client.client.id).await.unwrap();
        assert_eq!(bob.get(who).await.expect(401)["error"], "Invalid client");
        assert!(site.clients().get(&child.client.client.id).await.is_err());
        assert_eq!(site.count("SELECT count(*) FROM pds_sessions").await, 0);
    })
    .await;
}
