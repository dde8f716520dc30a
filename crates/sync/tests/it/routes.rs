//! Every route, asked by nobody and by somebody who is not.

use serde_json::json;
use server::Access;

use crate::site::on_each_site;

#[tokio::test(flavor = "multi_thread")]
async fn all_but_the_known_few_are_for_accounts() {
    on_each_site(|site| async move {
        let ours: Vec<_> = site.routes.iter().filter(|route| route.app == "sync").collect();
        assert!(ours.len() > 50, "{}", ours.len());
        let mut open = Vec::new();
        for route in ours {
            let path = route.path.replace(['{', '}'], "");
            let wrong = site.client.with_bearer("bv1.nothing.at-all");
            match route.access {
                Access::Public => open.push(format!("{} {}", route.method, route.path)),
                Access::Authenticated => {
                    for (client, error) in
                        [(&site.client, "Missing authorization header"), (&wrong, "Invalid token")]
                    {
                        let request = client.request(route.method.clone(), &path);
                        let refused = client.send(request.json(&json!({}))).await.expect(401);
                        assert_eq!(refused, json!({ "error": error }), "{} {path}", route.method);
                    }
                }
                access => panic!("{path} is for {access:?}"),
            }
        }
        let expected = [
            "POST /v1/auth",
            "POST /v1/auth/challenge",
            "POST /v1/auth/request",
            "GET /v1/auth/request/status",
            "POST /v1/auth/account/request",
            "POST /v1/version",
            "GET /v1/connect/github/callback",
            "POST /v1/connect/github/webhook",
            "GET /files/{*path}",
            "GET /v1/updates/",
            "POST /v1/updates/",
        ];
        open.sort();
        let mut expected: Vec<String> = expected.map(str::to_owned).into();
        expected.sort();
        assert_eq!(open, expected);
    })
    .await;
}
