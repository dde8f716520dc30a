//! Every route of the admin API asks for its permission.

use accounts::permissions::PERMISSIONS;
use reqwest::Method;
use serde_json::json;
use server::Access;

use super::people::{browser, key};
use crate::clients::site::on_each_site;

#[tokio::test(flavor = "multi_thread")]
async fn each_route_refuses_whoever_lacks_exactly_its_permission() {
    on_each_site(async |site| {
        let (mut checked, mut for_anybody) = (0, Vec::new());
        for route in
            site.routes.iter().filter(|route| route.path.starts_with("/admin/") && route.app == "accounts")
        {
            let [needed] = route.access.permissions() else {
                assert_eq!(route.access, Access::Authenticated);
                for_anybody.push(route.path);
                continue;
            };
            let others: Vec<_> =
                PERMISSIONS.iter().map(|info| info.permission).filter(|other| other != needed).collect();
            let others: Vec<_> = others.iter().map(|permission| permission.name()).collect();
            let lacking = key(&site, &others).await;
            let method = Method::from_bytes(route.method.as_str().as_bytes()).unwrap();
            let path = route.path.replace(['{', '}'], "");
            let refused = lacking.send(lacking.request(method.clone(), &path)).await;
            let message = format!("Missing permission: {needed}");
            let expected = json!({ "error": "InsufficientPermissions", "message": message });
            assert_eq!(refused.expect(403), expected, "{method} {path}");
            let nobody = site.http.send(site.http.request(method.clone(), &path)).await;
            assert_eq!(nobody.status, 401, "{method} {path}");
            checked += 1;
        }
        assert!(checked > 50, "{checked} routes");
        // The other is this rig's own.
        assert_eq!(for_anybody, ["/admin/users/transfer-super", "/admin/who"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_no_user_here_is_told_so() {
    on_each_site(async |site| {
        let stranger = browser(&site, "stranger").await;
        let not_a_user = json!({ "error": "not a user" });
        assert_eq!(stranger.get("/admin/users").await.expect(403), not_a_user);
        let new = json!({ "name": "mine", "permissions": [] });
        assert_eq!(stranger.post("/admin/api-keys", &new).await.expect(403), not_a_user);
        let forged = site.http.with_bearer("hv_00000000000000000000000000000000");
        assert_eq!(forged.get("/admin/users").await.status, 401);
    })
    .await;
}
