//! What moderators and admins do.

use serde_json::json;

use crate::site::on_each_site;

#[tokio::test(flavor = "multi_thread")]
async fn moderators_answer_reports_and_admins_rule() {
    on_each_site(|site| async move {
        let (ann, bob, eve) = (site.person("ann").await, site.person("bob").await, site.person("eve").await);
        let report = json!({ "username": "eve", "category": "spam", "comment": "again" });
        assert_eq!(bob.sends("POST", "/social/reports", &report).await.status, 204);
        bob.http.get("/social/admin/reports").await.expect(403);
        site.sql("UPDATE social_users SET role = 'admin' WHERE username = 'ann'").await;
        let path = "/social/admin/users/bob/role";
        assert_eq!(bob.sends("PUT", path, &json!({ "role": "admin" })).await.status, 403);
        assert_eq!(ann.sends("PUT", path, &json!({ "role": "king" })).await.status, 422);
        assert_eq!(ann.sends("PUT", path, &json!({ "role": "moderator" })).await.status, 204);
        let open = bob.http.get("/social/admin/reports").await.expect(200);
        assert_eq!((&open[0]["target"]["username"], &open[0]["comment"]), (&json!("eve"), &json!("again")));
        assert_eq!(bob.does("POST", "/social/admin/users/ann/suspend").await, 403, "she is an admin");
        assert_eq!(bob.does("POST", "/social/admin/users/instance/suspend").await, 404);
        assert_eq!(bob.does("POST", "/social/admin/users/eve/suspend").await, 204);
        eve.http.get("/social/users/me").await.expect(401);
        site.client.get("/social/users/eve").await.expect(404);
        assert_eq!(bob.does("DELETE", "/social/admin/users/eve/suspend").await, 204);
        eve.http.get("/social/users/me").await.expect(200);
        let resolve = format!("/social/admin/reports/{}/resolve", open[0]["id"].as_str().unwrap());
        assert_eq!(bob.does("POST", &resolve).await, 204);
        assert_eq!(bob.does("POST", &resolve).await, 404);
        assert_eq!(bob.http.get("/social/admin/reports").await.expect(200), json!([]));
        let rule = json!({ "domain": "Spam.example", "reason": "spam" });
        let domains = "/social/admin/domain-blocks";
        assert_eq!(bob.sends("POST", domains, &rule).await.status, 403, "a moderator is no admin");
        assert_eq!(ann.sends("POST", domains, &rule).await.status, 204);
        let rules = ann.http.get(domains).await.expect(200);
        assert_eq!((&rules[0]["domain"], &rules[0]["rule"]), (&json!("spam.example"), &json!("suspend")));
        assert_eq!(ann.does("DELETE", "/social/admin/domain-blocks/spam.example").await, 204);
        assert_eq!(ann.does("DELETE", "/social/admin/domain-blocks/spam.example").await, 404);
        let rule = json!({ "domain": "bücher.example." });
        assert_eq!(ann.sends("POST", domains, &rule).await.status, 204);
        assert_eq!(ann.http.get(domains).await.expect(200)[0]["domain"], "xn--bcher-kva.example");
        assert_eq!(ann.does("DELETE", "/social/admin/domain-blocks/b%C3%BCcher.example").await, 204);
        assert_eq!(ann.http.get(domains).await.expect(200), json!([]));
        // What an older version kept as it was written can be removed.
        site.sql(
            "INSERT INTO social_domains (domain, rule, created_at) VALUES ('bücher.example', 'suspend', 1)",
        )
        .await;
        assert_eq!(ann.does("DELETE", "/social/admin/domain-blocks/b%C3%BCcher.example").await, 204);
    })
    .await;
}
