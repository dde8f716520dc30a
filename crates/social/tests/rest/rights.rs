//! Every route, asked by nobody and by somebody who is not.

use serde_json::json;
use server::Access;

use crate::site::on_each_site;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_for_people_here_is_for_nobody_else() {
    on_each_site(|site| async move {
        let ann = site.person("ann").await;
        let mut number = 0;
        for route in site.routes.iter().filter(|route| route.app == "social") {
            let path = route.path.replace(['{', '}', '*'], "");
            let wrong = site.client.with_bearer("nothing.at.all");
            let wrong_key = site.client.with_header("x-api-key", "00000000000000000000000000000000");
            let other = site.client.with_header("authorization", "Basic YTpi");
            let ask = async |client: &testkit::HttpClient| {
                client.send(client.request(route.method.clone(), &path).json(&json!({}))).await
            };
            if route.access != Access::Public {
                for client in [&wrong, &wrong_key, &other] {
                    let refused = ask(client).await.expect(401);
                    assert!(refused["error"].is_string(), "{refused}");
                }
            }
            match route.access {
                Access::Public | Access::Delegated => {}
                Access::Authenticated => {
                    ask(&site.client).await.expect(401);
                }
                _ => {
                    ask(&site.client).await.expect(401);
                    ask(&ann.http).await.expect(403);
                }
            }
            number += 1;
        }
        assert!(number > 40, "{number}");
    })
    .await;
}

/// Whoever asks where the interface is described is led there, wherever its paths begin.
#[tokio::test(flavor = "multi_thread")]
async fn what_describes_the_interface_is_led_to() {
    on_each_site(|site| async move {
        for (path, to) in [
            ("/social/docs", "../dashboard/api?group=social"),
            ("/social/scalar", "../dashboard/api?group=social"),
            ("/social/openapi.json", "../openapi.json"),
        ] {
            let answer = site.client.get(path).await;
            assert_eq!((answer.status, answer.header("location")), (303, to), "{path}");
        }
    })
    .await;
}
