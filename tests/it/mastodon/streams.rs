//! Streams tell what their reader may see, and nothing else.

use std::time::Duration;

use futures::StreamExt;
use reqwest::Method;
use serde_json::{Value, json};
use testkit::{HttpClient, databases};

use super::instance::Instance;

/// Longer than anything takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// A stream that is being read.
struct Listener {
    chunks: futures::stream::BoxStream<'static, reqwest::Result<bytes::Bytes>>,
    text: String,
}

impl Listener {
    async fn open(http: &HttpClient, path: &str) -> Self {
        let response = http.request(Method::GET, path).send().await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        Self { chunks: response.bytes_stream().boxed(), text: String::new() }
    }

    /// The next event of a kind, with what came before it.
    async fn event(&mut self, kind: &str) -> Value {
        let found = async {
            loop {
                while let Some((event, rest)) = self.text.split_once("\n\n") {
                    let (event, rest) = (event.to_owned(), rest.to_owned());
                    self.text = rest;
                    let line =
                        |name: &str| event.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
                    if line("event:") == Some(kind) {
                        return serde_json::from_str(line("data:").unwrap()).unwrap();
                    }
                }
                let chunk = self.chunks.next().await.expect("the stream goes on").unwrap();
                self.text.push_str(std::str::from_utf8(&chunk).unwrap());
            }
        };
        tokio::time::timeout(PATIENCE, found).await.expect("the event comes")
    }

    async fn ends(mut self) {
        let rest = async { while let Some(Ok(_)) = self.chunks.next().await {} };
        tokio::time::timeout(PATIENCE, rest).await.expect("the stream ends");
    }
}

async fn write(client: &HttpClient, status: &str, visibility: &str) -> Value {
    let body = json!({ "status": status, "visibility": visibility });
    client.post("/api/v1/statuses", &body).await.expect(200)["id"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_is_told_what_they_may_see() {
    for database in databases().await {
        let instance = Instance::start(database).await;
        instance.register("alice").await;
        instance.register("bob").await;
        let alice = instance.client("alice", "read write follow").await;
        let app = instance.app("read write follow").await;
        let code = instance.code(&app, "bob", "read write follow").await;
        let grant = json!({ "grant_type": "authorization_code", "code": code });
        let token = instance.exchange(&app, &grant).await.expect(200)["access_token"].clone();
        let bob = instance.http().with_bearer(token.as_str().unwrap());
        let me = alice.get("/api/v1/accounts/verify_credentials").await.expect(200)["id"].clone();

        assert_eq!(instance.http().get("/api/v1/streaming/health").await.text, "OK");
        for path in ["user", "user/notification", "direct"] {
            instance.http().get(&format!("/api/v1/streaming/{path}")).await.expect(401);
        }
        instance.http().get("/api/v1/streaming/hashtag").await.expect(400);

        // Nobody follows anybody yet.
        let by_token = format!("/api/v1/streaming/user?access_token={}", token.as_str().unwrap());
        let mut home = Listener::open(instance.http(), &by_token).await;
        let mut public = Listener::open(instance.http(), "/api/v1/streaming/public").await;
        let mut tagged = Listener::open(instance.http(), "/api/v1/streaming/hashtag?tag=tea").await;
        write(&alice, "For those who follow me #tea", "private").await;
        write(&alice, "Not in lists #tea", "unlisted").await;
        let first = write(&alice, "Hello #tea", "public").await;
        assert_eq!(public.event("update").await["id"], first, "nothing else came before it");
        assert_eq!(tagged.event("update").await["id"], first);

        bob.post(&format!("/api/v1/accounts/{}/follow", me.as_str().unwrap()), &json!({})).await.expect(200);
        let near = write(&alice, "Now you see me", "private").await;
        assert_eq!(home.event("update").await["id"], near, "what was written before is not told");
        write(&alice, "Not for you", "direct").await;
        let named = write(&alice, "Tea, @bob?", "direct").await;
        let told = home.event("notification").await;
        assert_eq!(told["status"]["id"], named);

        let revoke =
            json!({ "client_id": app["client_id"], "client_secret": app["client_secret"], "token": token });
        instance.http().post("/oauth/revoke", &revoke).await.expect(200);
        home.ends().await;
    }
}
