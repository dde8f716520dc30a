//! What an admin sees of the way to other servers, and does about it.

use serde_json::{Value, json};
use server::Access;

use crate::site::{Person, Site, on_each_site};

const ROOT: &str = "/social/admin";

/// A host that is down with something waiting, one that was given up with something lost, and one that is well; and an event that
/// nobody could make anything of.
async fn trouble(site: &Site) {
    for sql in [
        "INSERT INTO social_hosts (host, signature_form, failures, first_failure_at, last_success_at, retry_at, unavailable) VALUES
             ('down.example', 'rfc9421', 12, 1795000000000000, 1794000000000000, 1999000000000000, 0),
             ('gone.example:8080', NULL, 40, 1794000000000000, NULL, NULL, 1), ('well.example', 'draft', 0, NULL, 1795000000000000, NULL, 0)",
        "INSERT INTO social_activities (id, address, sender, subject, body, created_at) VALUES
             (117637120000000001, 'https://here.example/1/activity', 1, 'https://here.example/1', '{}', 1),
             (117637120000000002, 'https://here.example/2/activity', 1, 'https://here.example/2', '{}', 1),
             (117637120000000003, 'https://here.example/2#delete', 1, 'https://here.example/2', '{}', 1)",
        "INSERT INTO social_deliveries (id, activity, sender, host, inbox, state, attempts, due_at, last_status, last_error, settled_at) VALUES
             (117637120000000011, 117637120000000001, 1, 'down.example', 'https://down.example/inbox', 'queued', 3, 1999000000000000, 503, 'busy', NULL),
             (117637120000000012, 117637120000000001, 1, 'gone.example:8080', 'https://gone.example:8080/inbox', 'failed', 16, 1, 500, 'broken', 5),
             (117637120000000013, 117637120000000002, 1, 'gone.example:8080', 'https://gone.example:8080/inbox', 'failed', 16, 1, NULL, 'no answer', 6),
             (117637120000000014, 117637120000000003, 1, 'well.example', 'https://well.example/inbox', 'delivered', 1, 1, 202, NULL, 7)",
        "INSERT INTO social_events (data, attempts, due_at, error, failed, created_at) VALUES
             ('{\"type\":\"ProfileUpdated\",\"data\":{\"user_id\":1}}', 5, 1, 'no such thing', 1, 1795000000000000),
             ('nothing', 5, 1, 'cannot be read', 1, 1795000000000000)",
    ] {
        site.sql(sql).await;
    }
}

async fn admin(site: &Site, name: &'static str, role: &'static str) -> Person {
    let person = site.person(name).await;
    let (name, role) = (name.to_owned(), role.to_owned());
    let sql = "UPDATE social_users SET role = $2 WHERE username = $1";
    let made = site.social.state().write(move |conn| conn.execute(sql, &[store::v(&name), store::v(&role)]));
    assert_eq!(made.await.unwrap(), 1);
    person
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_sees_what_waits_and_sends_it_again() {
    on_each_site(|site| async move {
        let ann = admin(&site, "ann", "admin").await;
        trouble(&site).await;
        let get = async |path: &str| ann.http.get(&format!("{ROOT}/{path}")).await.expect(200);
        let does = async |method: &str, path: &str| ann.does(method, &format!("{ROOT}/{path}")).await;
        let all = get("federation").await;
        for (name, number) in [
            ("deliveriesWaiting", 1),
            ("deliveriesFailed", 2),
            ("eventsFailed", 2),
            ("hostsKnown", 3),
            ("hostsFailing", 2),
            ("hostsUnavailable", 1),
        ] {
            assert_eq!(all[name], number, "{name}: {all}");
        }
        assert!(all["oldestDeliveryAt"].as_str().unwrap().starts_with("2026-11-"), "{all}");
        assert_eq!(all["troubled"].as_array().unwrap().len(), 2);
        let hosts = get("federation/hosts?state=failing&per_page=1").await;
        assert_eq!((&hosts["total"], hosts["items"].as_array().unwrap().len()), (&json!(2), 1));
        let down = &hosts["items"][0];
        assert_eq!((&down["host"], &down["signatureForm"]), (&json!("down.example"), &json!("rfc9421")));
        assert_eq!((&down["failures"], &down["deliveriesWaiting"]), (&json!(12), &json!(1)));
        assert_eq!(get("federation/hosts?state=unavailable").await["items"][0]["host"], "gone.example:8080");
        assert_eq!(get("federation/hosts").await["total"], 3);
        ann.http.get(&format!("{ROOT}/federation/hosts?state=odd")).await.expect(400);

        assert_eq!(does("POST", "federation/hosts/down.example/retry").await, 204);
        assert_eq!(does("POST", "federation/hosts/nobody.example/retry").await, 404);
        let due = "SELECT count(*) FROM social_deliveries WHERE state = 'queued' AND due_at < 1999000000000000";
        assert_eq!(site.number(due).await, 1, "what waits is due");
        assert_eq!(get("federation").await["hostsFailing"], 1);

        let failed = get("failed-deliveries").await;
        assert_eq!(failed["total"], 2);
        let lost: Vec<&Value> = failed["items"].as_array().unwrap().iter().collect();
        assert_eq!((&lost[0]["id"], &lost[0]["error"]), (&json!("117637120000000013"), &json!("no answer")));
        assert_eq!((&lost[1]["activity"], &lost[1]["lastStatus"]), (&json!("https://here.example/1/activity"), &json!(500)));
        assert_eq!(get("failed-deliveries?host=other.example").await["total"], 0);
        let deleted = "failed-deliveries/117637120000000013/retry";
        assert_eq!(does("POST", deleted).await, 409, "it tells of what has been deleted since");
        assert_eq!(does("POST", "failed-deliveries/117637120000000011/retry").await, 404, "it has not failed");
        assert_eq!(does("POST", "failed-deliveries/x/retry").await, 400);
        let host = json!({ "host": "Gone.example:8080" });
        let again = ann.sends("POST", &format!("{ROOT}/failed-deliveries/retry"), &host).await.expect(200);
        assert_eq!(again, json!({ "retried": 1 }));
        assert_eq!(get("federation").await["hostsUnavailable"], 0, "its host is tried again");
        ann.sends("POST", &format!("{ROOT}/failed-deliveries/retry"), &host).await.expect(404);
        let queued = "SELECT count(*) FROM social_deliveries WHERE state = 'queued' AND attempts = 0 AND settled_at IS NULL";
        assert_eq!(site.number(queued).await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_decides_about_events_that_failed() {
    on_each_site(|site| async move {
        let ann = admin(&site, "ann", "admin").await;
        trouble(&site).await;
        let path = format!("{ROOT}/failed-events");
        let failed = ann.http.get(&path).await.expect(200);
        assert_eq!(failed["total"], 2);
        let (odd, known) = (&failed["items"][0], &failed["items"][1]);
        assert_eq!((&odd["event"], &odd["error"]), (&Value::Null, &json!("cannot be read")));
        assert_eq!((&known["event"]["type"], &known["attempts"]), (&json!("ProfileUpdated"), &json!(5)));
        assert_eq!(ann.does("POST", &format!("{path}/{}/retry", known["id"])).await, 204);
        assert_eq!(ann.does("POST", &format!("{path}/{}/retry", known["id"])).await, 404);
        assert_eq!(ann.does("DELETE", &format!("{path}/{}", known["id"])).await, 404, "it waits");
        assert_eq!(ann.does("DELETE", &format!("{path}/{}", odd["id"])).await, 204);
        assert_eq!(ann.http.get(&path).await.expect(200)["items"], json!([]));
        assert_eq!(
            site.number("SELECT count(*) FROM social_events WHERE failed = 0 AND attempts = 0").await,
            1
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_does() {
    on_each_site(|site| async move {
        let (bob, eve) = (admin(&site, "bob", "moderator").await, admin(&site, "eve", "user").await);
        trouble(&site).await;
        let mut number = 0;
        let about = ["/social/admin/federation", "/social/admin/failed"];
        for route in site.routes.iter().filter(|route| about.iter().any(|it| route.path.starts_with(it))) {
            assert!(
                !matches!(route.access, Access::Public | Access::Delegated | Access::Authenticated),
                "{route:?}"
            );
            let path = route.path.replace("{host}", "down.example").replace("{id}", "1");
            for person in [&bob, &eve] {
                let body = json!({ "host": "gone.example:8080" });
                assert_eq!(person.sends(route.method.as_str(), &path, &body).await.status, 403, "{path}");
            }
            number += 1;
        }
        assert_eq!(number, 9);
        assert_eq!(site.number("SELECT count(*) FROM social_hosts WHERE failures > 0").await, 2);
    })
    .await;
}
