//! `/admin/live` and `/admin/storage`.

use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::harness::{ALICE, BOB, STATUS, has_status, on_each_server};

/// The next moments, up to the one that `wanted` takes; the stream does not end by itself.
async fn until(stream: &mut Response, wanted: impl Fn(&Value) -> bool) -> Vec<Value> {
    let (mut text, mut moments) = (String::new(), Vec::new());
    loop {
        let chunk = stream.chunk().await.unwrap().unwrap();
        text.push_str(std::str::from_utf8(&chunk).unwrap());
        while let Some((block, rest)) = text.split_once("\n\n") {
            let data = block.lines().find_map(|line| line.strip_prefix("data: "));
            moments.extend(data.map(|data| serde_json::from_str::<Value>(data).unwrap()));
            text = rest.to_owned();
        }
        if moments.last().is_some_and(&wanted) {
            return moments;
        }
    }
}

/// What all moments together say about a collection.
fn sum(moments: &[Value], collection: &str, action: &str) -> i64 {
    let told = moments.iter().flat_map(|moment| moment["collections"].as_array().unwrap());
    told.filter(|one| one["collection"] == collection).map(|one| one[action].as_i64().unwrap()).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_change_is_told_once() {
    on_each_server(|server| async move {
        server.add_status_lexicons().await;
        server.write(ALICE, "before", r#"{"status":"old"}"#).await;
        let mut stream = server.admin.request(Method::GET, "/admin/live").send().await.unwrap();
        assert_eq!(stream.headers()["content-type"], "text/event-stream");
        server.write(ALICE, "one", r#"{"status":"1"}"#).await;
        server.write(BOB, "two", r#"{"status":"2"}"#).await;
        server.write(ALICE, "one", r#"{"status":"changed"}"#).await;
        let last = server.records.last_change().await.unwrap();
        let moments = until(&mut stream, |moment| moment["last_change"] == last).await;
        assert_eq!(
            (sum(&moments, STATUS, "created"), sum(&moments, STATUS, "updated")),
            (2, 1),
            "{moments:?}"
        );
        assert_eq!(sum(&moments, STATUS, "deleted"), 0);
        let source = &moments.last().unwrap()["sources"][0];
        assert!(source["time_us"].is_i64() && source["followed"] == true, "{source}");
        let quiet = until(&mut stream, |_| true).await;
        assert_eq!(quiet[0]["collections"], json!([]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn room_is_told_by_tier() {
    on_each_server(|server| async move {
        let storage = server.admin.get("/admin/storage").await.expect(200);
        let names: Vec<_> = storage["tiers"].as_array().unwrap().iter().map(|tier| &tier["name"]).collect();
        assert_eq!(names, ["state", "index"]);
        assert!(storage["tiers"].as_array().unwrap().iter().all(|tier| tier["bytes"].as_u64().unwrap() > 0));
        let is_file = server.store.state.file().is_some();
        assert_eq!(storage["free_bytes"].is_u64(), is_file, "{storage}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_those_see_it_who_may() {
    on_each_server(|server| async move {
        let other = server.caller(&["records:read"]).await;
        for path in ["/admin/live", "/admin/storage"] {
            has_status(&server.client.get(path).await, 401);
            has_status(&other.get(path).await, 403);
        }
    })
    .await;
}
