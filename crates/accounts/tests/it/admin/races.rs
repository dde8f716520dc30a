//! Administrators who act at once cannot together do what neither may.

use futures::future::join_all;
use serde_json::json;

use super::people::{Person, patch};
use crate::clients::site::on_each_site;

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_remove_each_other_one_stays() {
    on_each_site(async |site| {
        for round in 0..5 {
            let a = Person::with(&site, &format!("a{round}"), &["users:delete"]).await;
            let b = Person::with(&site, &format!("b{round}"), &["users:delete"]).await;
            let (path_of_a, path_of_b) = (a.path(), b.path());
            let (first, second) = tokio::join!(a.http.delete(&path_of_b), b.http.delete(&path_of_a));
            let mut statuses = [first.status, second.status];
            statuses.sort_unstable();
            // The other is, by then, signed out, or no user any more.
            assert!(statuses[0] == 204 && matches!(statuses[1], 401 | 403), "{statuses:?}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_right_that_is_being_lost_is_not_granted_on() {
    on_each_site(async |site| {
        let root = Person::root(&site).await;
        for round in 0..5 {
            let held = ["users:update", "jobs:manage"];
            let admin = Person::with(&site, &format!("admin{round}"), &held).await;
            let friend = Person::with(&site, &format!("friend{round}"), &[]).await;
            let revoke_path = format!("{}/permissions", admin.path());
            let grant_path = format!("{}/permissions", friend.path());
            let (revoke, grant) = (json!({ "revoke": held }), json!({ "grant": ["jobs:manage"] }));
            let (revoked, granted) = tokio::join!(
                patch(&root.http, &revoke_path, &revoke),
                patch(&admin.http, &grant_path, &grant)
            );
            drop(revoked.expect(200));
            assert!(matches!(granted.status, 200 | 403), "{granted:?}");
            let has = !friend.permissions(&site).await.is_empty();
            assert_eq!(has, granted.status == 200, "granted before, or not at all");
            let later = patch(&admin.http, &grant_path, &grant).await;
            assert_eq!(later.status, 403);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_transfers_one_succeeds_and_one_super_user_is_left() {
    on_each_site(async |site| {
        let root = Person::root(&site).await;
        let names: Vec<_> = (0..4).map(|n| format!("heir{n}")).collect();
        let heirs = join_all(names.iter().map(|name| Person::with(&site, name, &[]))).await;
        let transfers = heirs.iter().map(|heir| async {
            let body = json!({ "target_user_id": heir.id });
            root.http.post("/admin/users/transfer-super", &body).await.status
        });
        let mut statuses = join_all(transfers).await;
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 403, 403, 403]);
        assert_eq!(site.count("SELECT COUNT(*) FROM users WHERE is_super = 1").await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_add_the_same_user_one_does() {
    on_each_site(async |site| {
        let root = Person::root(&site).await;
        let new = json!({ "did": "did:web:ada.example.com", "permissions": ["jobs:read"] });
        let statuses = join_all((0..6).map(|_| root.http.post("/admin/users", &new))).await;
        let mut statuses: Vec<_> = statuses.iter().map(|answer| answer.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409, 409, 409, 409, 409]);
        assert_eq!(
            site.count("SELECT COUNT(*) FROM user_permissions WHERE permission = 'jobs:read'").await,
            2
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn domains_promoted_at_once_leave_one_primary() {
    on_each_site(async |site| {
        let root = Person::root(&site).await;
        let mut ids = Vec::new();
        for n in 0..4 {
            let new = json!({ "url": format!("https://d{n}.example.com") });
            let added = root.http.post("/admin/domains", &new).await.expect(201);
            ids.push(added["id"].as_str().unwrap().to_owned());
        }
        let paths: Vec<_> = ids.iter().map(|id| format!("/admin/domains/{id}/primary")).collect();
        let body = json!({});
        for answer in join_all(paths.iter().map(|path| root.http.post(path, &body))).await {
            drop(answer.expect(204));
        }
        assert_eq!(site.count("SELECT COUNT(*) FROM domains WHERE is_primary = 1").await, 1);
        let listed = root.http.get("/admin/domains").await.expect(200);
        let primaries =
            listed.as_array().unwrap().iter().filter(|domain| domain["is_primary"] == true).count();
        assert_eq!(primaries, 1, "{listed}");
    })
    .await;
}
