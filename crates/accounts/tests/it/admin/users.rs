//! `/admin/users`.

use serde_json::{Value, json};

use super::people::{Person, browser, key, patch};
use crate::clients::site::on_each_site;

const VIEWER: [&str; 10] = [
    "api-keys:read",
    "backfill:read",
    "dead-letters:read",
    "events:read",
    "lexicons:read",
    "records:read",
    "script-variables:read",
    "scripts:read",
    "stats:read",
    "users:read",
];

#[tokio::test(flavor = "multi_thread")]
async fn a_user_is_added_shown_changed_and_removed() {
    on_each_site(async |site| {
        let root = Person::root(&site).await;
        let new = json!({ "did": "did:web:ada.example.com", "template": "viewer", "permissions": ["jobs:read", "users:read"] });
        let made = root.http.post("/admin/users", &new).await.expect(201);
        let id = made["id"].as_str().unwrap().to_owned();
        let mut permissions = VIEWER.to_vec();
        permissions.insert(4, "jobs:read");
        let expected = json!({ "id": id, "did": "did:web:ada.example.com", "is_super": false, "permissions": permissions });
        assert_eq!(made, expected);

        let path = format!("/admin/users/{id}");
        let mut shown = root.http.get(&path).await.expect(200);
        assert!(shown["created_at"].as_str().unwrap().ends_with('Z'));
        shown.as_object_mut().unwrap().remove("created_at");
        let mut view = expected;
        view["last_used_at"] = Value::Null;
        assert_eq!(shown, view);

        let change = json!({ "grant": ["jobs:create"], "revoke": ["jobs:read"] });
        let changed = patch(&root.http, &format!("{path}/permissions"), &change).await.expect(200);
        permissions[4] = "jobs:create";
        assert_eq!(changed["permissions"], json!(permissions));
        assert_eq!(changed["id"], json!(id));

        let listed = root.http.get("/admin/users").await.expect(200);
        let dids: Vec<_> = listed.as_array().unwrap().iter().map(|user| user["did"].as_str().unwrap()).collect();
        assert_eq!(dids, ["did:web:root.example.com", "did:web:ada.example.com"]);
        assert_eq!((&listed[0]["is_super"], &listed[1]), (&json!(true), &changed));

        assert_eq!(root.http.delete(&path).await.expect(204), Value::Null);
        let told: Vec<_> = site.told().await.into_iter().filter(|(kind, ..)| kind.starts_with("user.")).collect();
        let root = Some("did:web:root.example.com".to_owned());
        assert!(told.iter().all(|(_, actor, ..)| *actor == root), "{told:?}");
        let kinds: Vec<_> = told.iter().map(|(kind, ..)| &**kind).collect();
        assert_eq!(kinds, ["user.bootstrapped", "user.created", "user.permissions_updated", "user.deleted"]);
        assert_eq!(told[2].3, json!({ "granted": ["jobs:create"], "revoked": ["jobs:read"] }));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_a_user_is_refused() {
    on_each_site(async |site| {
        let root = Person::root(&site).await;
        let add = async |body: Value| root.http.post("/admin/users", &body).await;
        let ada = json!({ "did": "did:web:ada.example.com" });
        assert_eq!(add(ada.clone()).await.expect(201)["permissions"], json!([]));
        let again = add(ada).await.expect(409);
        assert_eq!(again, json!({ "error": "there is already a user with the DID did:web:ada.example.com" }));
        for did in ["", "ada", "did:", "did:web:", "https://ada.example.com", "@"] {
            let error = add(json!({ "did": did })).await.expect(400);
            assert!(error["error"].as_str().unwrap().starts_with("did: "), "{did}: {error}");
        }
        let unknown =
            add(json!({ "did": "did:web:bob.example.com", "permissions": ["jobs:everything"] })).await;
        let error = unknown.expect(400);
        assert!(error["error"].as_str().unwrap().contains("`jobs:everything`"), "{error}");
        for wrong in
            [json!({ "did": "did:web:bob.example.com", "template": "boss" }), json!({ "did": 1 }), json!({})]
        {
            assert_eq!(add(wrong.clone()).await.status, 422, "{wrong}");
        }
        assert_eq!(root.http.get("/admin/users").await.expect(200).as_array().unwrap().len(), 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_grants_what_they_lack() {
    on_each_site(async |site| {
        let admin = Person::with(&site, "admin", &["users:create", "users:update", "jobs:read"]).await;
        let other = Person::with(&site, "other", &["jobs:manage"]).await;
        let message = "you cannot grant permissions that you do not hold: ";
        for body in [
            json!({ "did": "did:web:new.example.com", "permissions": ["jobs:read", "jobs:create"] }),
            json!({ "did": "did:web:new.example.com", "template": "viewer" }),
            json!({ "did": "did:web:new.example.com", "template": "full_access" }),
        ] {
            let error = admin.http.post("/admin/users", &body).await.expect(403);
            assert!(error["error"].as_str().unwrap().starts_with(message), "{error}");
        }
        let path = format!("{}/permissions", other.path());
        let grant = json!({ "grant": ["jobs:create"] });
        let error = patch(&admin.http, &path, &grant).await.expect(403);
        assert_eq!(error, json!({ "error": format!("{message}jobs:create") }));
        // Taking away needs no more than the right to change users.
        let revoke = json!({ "grant": ["jobs:read"], "revoke": ["jobs:manage"] });
        assert_eq!(patch(&admin.http, &path, &revoke).await.expect(200)["permissions"], json!(["jobs:read"]));
        // What a key of the admin lacks, it cannot grant, although the admin could.
        let key = admin.key(&site, &["users:create"]).await;
        let body = json!({ "did": "did:web:new.example.com", "permissions": ["jobs:read"] });
        drop(key.post("/admin/users", &body).await.expect(403));
        drop(admin.http.post("/admin/users", &body).await.expect(201));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn oneself_and_the_super_user_are_out_of_reach() {
    on_each_site(async |site| {
        let root = Person::root(&site).await;
        let admin = Person::with(&site, "admin", &["users:update", "users:delete", "jobs:read"]).await;
        let change = json!({ "grant": ["jobs:read"] });
        for (who, whom) in [(&admin, &admin), (&admin, &root), (&root, &root)] {
            let error = patch(&who.http, &format!("{}/permissions", whom.path()), &change).await.expect(403);
            let message = error["error"].as_str().unwrap();
            assert!(message.contains("yourself") || message.contains("super user"), "{message}");
            drop(who.http.delete(&whom.path()).await.expect(403));
        }
        drop(root.http.delete(&admin.path()).await.expect(204));
        assert!(matches!(admin.http.get("/admin/users").await.status, 401 | 403));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_there_is_404() {
    on_each_site(async |site| {
        let root = Person::root(&site).await;
        let path = "/admin/users/0191d8ab-0000-7000-8000-000000000000";
        for answer in [
            root.http.get(path).await,
            root.http.delete(path).await,
            patch(&root.http, &format!("{path}/permissions"), &json!({})).await,
            root.http.post("/admin/users/transfer-super", &json!({ "target_user_id": "nobody" })).await,
        ] {
            let error = answer.expect(404);
            assert!(error["error"].as_str().unwrap().starts_with("there is no user"), "{error}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_super_user_in_person_passes_that_on() {
    on_each_site(async |site| {
        let root = Person::root(&site).await;
        let all: Vec<_> =
            accounts::permissions::PERMISSIONS.iter().map(|info| info.permission.name()).collect();
        let admin = Person::with(&site, "admin", &all).await;
        let transfer = async |http: &testkit::HttpClient, id: &str| {
            http.post("/admin/users/transfer-super", &json!({ "target_user_id": id })).await
        };
        let root_key = root.key(&site, &all).await;
        for (who, http) in [("an admin", &admin.http), ("a key of the super user", &root_key)] {
            let error = transfer(http, &admin.id).await.expect(403);
            assert_eq!(error, json!({ "error": "only the super user in person can pass that on" }), "{who}");
        }
        let stranger = browser(&site, "stranger").await;
        assert_eq!(transfer(&stranger, &admin.id).await.expect(403), json!({ "error": "not a user" }));
        assert_eq!(transfer(&site.http, &admin.id).await.status, 401);

        let passed = transfer(&root.http, &admin.id).await.expect(200);
        assert_eq!((&passed["id"], &passed["is_super"]), (&json!(admin.id), &json!(true)));
        drop(transfer(&root.http, &root.id).await.expect(403));
        drop(transfer(&admin.http, &root.id).await.expect(200));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_local_operator_is_listed_without_a_did() {
    on_each_site(async |site| {
        let http = key(&site, &["users:read"]).await;
        let listed = http.get("/admin/users").await.expect(200);
        let [operator] = &listed.as_array().unwrap()[..] else { panic!("{listed}") };
        assert_eq!(
            (&operator["did"], &operator["name"], &operator["is_super"], &operator["permissions"]),
            (&Value::Null, &json!("local operator"), &json!(false), &json!(["users:read"]))
        );
    })
    .await;
}
