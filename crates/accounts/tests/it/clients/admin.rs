//! `/admin/api-clients`: operators make, change and remove clients.

use accounts::Actor;
use serde_json::{Value, json};
use testkit::HttpClient;

use super::site::{Site, on_each_site};

const ALL: [&str; 4] = ["api-clients:view", "api-clients:create", "api-clients:edit", "api-clients:delete"];

/// An operator whose key may do what is named.
async fn operator(site: &Site, permissions: &[&str]) -> HttpClient {
    let key = site.accounts.keys.create(&Actor::LocalOperator, "test", permissions).await.unwrap();
    site.http.with_bearer(&key.key)
}

fn new(name: &str) -> Value {
    json!({
        "name": name,
        "client_id_url": format!("https://{name}.example.com/client.json"),
        "client_uri": format!("https://{name}.example.com"),
        "redirect_uris": [format!("https://{name}.example.com/callback")],
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_is_made_shown_changed_and_removed() {
    on_each_site(async |site| {
        let http = operator(&site, &ALL).await;
        let made = http.post("/admin/api-clients", &new("app")).await.expect(201);
        let (id, key) = (made["id"].as_str().unwrap().to_owned(), made["client_key"].as_str().unwrap());
        assert!(key.starts_with("hvc_") && key.len() == 36, "{key}");
        let secret = made["client_secret"].as_str().unwrap();
        assert!(secret.starts_with("hvs_") && secret.len() == 68);
        assert_eq!(made["client_type"], "confidential");
        assert_eq!(made.as_object().unwrap().len(), 6);

        let path = format!("/admin/api-clients/{id}");
        let mut shown = http.get(&path).await.expect(200);
        assert!(!shown.to_string().contains(secret), "a secret is shown once");
        for time in ["created_at", "updated_at"] {
            assert!(shown[time].as_str().unwrap().ends_with('Z'));
            shown.as_object_mut().unwrap().remove(time);
        }
        let expected = json!({
            "id": id, "client_key": key, "name": "app", "client_type": "confidential", "scopes": "atproto",
            "client_id_url": "https://app.example.com/client.json", "client_uri": "https://app.example.com",
            "redirect_uris": ["https://app.example.com/callback"], "allowed_origins": null,
            "rate_limit_capacity": null, "rate_limit_refill_rate": null, "is_active": true, "created_by": null,
            "parent_client_id": null, "owner_did": null,
        });
        assert_eq!(shown, expected);

        let change = json!({
            "name": "New", "scopes": "atproto repo:*", "allowed_origins": ["https://App.example.com/"],
            "rate_limit_capacity": 7, "rate_limit_refill_rate": 0.5, "is_active": false,
        });
        drop(http.put(&path, &change).await.expect(204));
        let shown = http.get(&path).await.expect(200);
        assert_eq!(shown["allowed_origins"], json!(["https://app.example.com"]));
        for field in ["name", "scopes", "rate_limit_capacity", "rate_limit_refill_rate", "is_active"] {
            assert_eq!(shown[field], change[field], "{field}");
        }
        assert_eq!(shown["client_uri"], "https://app.example.com", "what is not named stays");

        let nulls = json!({ "allowed_origins": null, "rate_limit_capacity": null, "name": null });
        drop(http.put(&path, &nulls).await.expect(204));
        let shown = http.get(&path).await.expect(200);
        assert_eq!((&shown["allowed_origins"], &shown["rate_limit_capacity"]), (&Value::Null, &Value::Null));
        assert_eq!((&shown["rate_limit_refill_rate"], &shown["name"]), (&json!(0.5), &json!("New")));

        assert_eq!(http.delete(&path).await.expect(204), Value::Null);
        for answer in [http.get(&path).await, http.put(&path, &json!({})).await, http.delete(&path).await] {
            assert_eq!(answer.expect(404), json!({ "error": "API client not found" }));
        }
        let told: Vec<_> = site.told().await.into_iter().filter(|(kind, ..)| kind.starts_with("api_client.")).collect();
        let told: Vec<_> = told.iter().map(|(kind, _, subject, detail)| (&**kind, &**subject, &detail["name"])).collect();
        let names = [json!("app"), json!("New")];
        assert_eq!(
            told,
            [
                ("api_client.created", &*id, &names[0]),
                ("api_client.updated", &*id, &names[1]),
                ("api_client.updated", &*id, &names[1]),
                ("api_client.deleted", &*id, &names[1]),
            ]
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_public_client_has_no_secret_and_the_newest_is_listed_first() {
    on_each_site(async |site| {
        let http = operator(&site, &ALL).await;
        drop(http.post("/admin/api-clients", &new("one")).await.expect(201));
        let mut public = new("two");
        public["client_type"] = "public".into();
        let made = http.post("/admin/api-clients", &public).await.expect(201);
        assert!(made.get("client_secret").is_none(), "{made}");
        let listed = http.get("/admin/api-clients").await.expect(200);
        let names: Vec<_> =
            listed.as_array().unwrap().iter().map(|client| client["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["two", "one"]);
        let id = made["id"].as_str().unwrap();
        assert_eq!(http.get(&format!("/admin/api-clients?parent_id={id}")).await.expect(200), json!([]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_client_can_have_is_400_and_a_second_client_id_409() {
    on_each_site(async |site| {
        let http = operator(&site, &ALL).await;
        drop(http.post("/admin/api-clients", &new("app")).await.expect(201));
        let duplicate = http.post("/admin/api-clients", &new("app")).await;
        assert_eq!(duplicate.expect(409), json!({ "error": "client_id_url already registered" }));
        let cases = [
            ("client_type", json!("secret"), "Invalid client_type"),
            ("client_id_url", json!("app"), "client_id_url: "),
            ("client_uri", json!("javascript:alert(1)"), "client_uri: "),
            ("redirect_uris", json!(["javascript:alert(1)"]), "redirect_uris: "),
            ("scopes", json!("repo:*"), "scopes: "),
            ("allowed_origins", json!(["https://a.example/path"]), "allowed_origins: "),
            ("rate_limit_capacity", json!(0), "rate_limit_capacity: "),
            ("rate_limit_refill_rate", json!(-1), "rate_limit_refill_rate: "),
            ("name", json!(""), "name: "),
        ];
        for (field, value, message) in cases {
            let mut bad = new("other");
            bad[field] = value;
            let error = http.post("/admin/api-clients", &bad).await.expect(400);
            assert!(error["error"].as_str().unwrap().starts_with(message), "{field}: {error}");
        }
        assert_eq!(http.get("/admin/api-clients").await.expect(200).as_array().unwrap().len(), 1);
        let id = &http.get("/admin/api-clients").await.expect(200)[0]["id"];
        let path = format!("/admin/api-clients/{}", id.as_str().unwrap());
        let immutable = json!({ "client_id_url": "https://new.example.com/" });
        assert_eq!(http.put(&path, &immutable).await.status, 422, "what cannot change is not ignored");
        drop(http.put(&path, &json!({ "redirect_uris": ["data:,"] })).await.expect(400));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_route_needs_its_permission() {
    on_each_site(async |site| {
        let id = site.client("app", "public").await.client.id;
        let path = format!("/admin/api-clients/{id}");
        for needed in ALL {
            let others: Vec<_> = ALL.into_iter().filter(|other| *other != needed).collect();
            let lacking = operator(&site, &others).await;
            let answer = match needed {
                "api-clients:view" => lacking.get(&path).await,
                "api-clients:create" => lacking.post("/admin/api-clients", &new("other")).await,
                "api-clients:edit" => lacking.put(&path, &json!({})).await,
                _ => lacking.delete(&path).await,
            };
            let message = format!("Missing permission: {needed}");
            assert_eq!(answer.expect(403), json!({ "error": "InsufficientPermissions", "message": message }));
        }
        assert_eq!(site.http.get("/admin/api-clients").await.status, 401);
    })
    .await;
}
