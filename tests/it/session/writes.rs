//! What a procedure writes is on the user's PDS and in the view at once (spec/appview.md §3.5).

use reqwest::Method;
use serde_json::{Value, json};
use testkit::network::Account;
use testkit::{Device, HttpClient};

use super::Story;
use crate::samples::{GET_POST, POST, post, procedure};

pub(super) const CREATE: &str = "dev.belvedere.demo.createPost";
const PUT: &str = "dev.belvedere.demo.putPost";
const DELETE: &str = "dev.belvedere.demo.deletePost";

impl Story<'_> {
    pub(super) async fn users_write(&self) {
        for (nsid, action) in [(CREATE, Some("create")), (PUT, None), (DELETE, Some("delete"))] {
            drop(self.admin().post("/admin/lexicons", &procedure(nsid, action)).await.expect(201));
        }
        let written = self.write(&self.phone, "from the phone").await;
        assert!(written["cid"].is_string() && written.get("error").is_none(), "{written}");
        let uri = written["uri"].as_str().unwrap();
        // No waiting: what was answered is there.
        self.has(&self.alice, uri, Some("from the phone")).await;

        let mut edit = post("edited");
        edit["uri"] = uri.into();
        let edited = self.call(&self.laptop, PUT, &edit).await;
        assert_eq!(edited["uri"], uri);
        self.has(&self.alice, uri, Some("edited")).await;
        self.call(&self.laptop, DELETE, &json!({ "uri": uri })).await;
        self.has(&self.alice, uri, None).await;

        let anonymous = self.server.client.post(&format!("/xrpc/{CREATE}"), &post("nobody's")).await;
        assert_eq!(anonymous.status, 401);
        let keyed =
            self.scene.place.admin(self.server).post(&format!("/xrpc/{CREATE}"), &post("nobody's")).await;
        assert_eq!(keyed.status, 401, "API keys open no XRPC");
    }

    pub(super) async fn foreign_records_are_out_of_reach(&self) {
        let theirs = self.scene.network.create_record(&self.bob.did, POST, None, &post("bob's")).await.uri;
        self.scene.caught_up(self.server).await;
        let rkey = theirs.rsplit('/').next().unwrap();
        let ours = format!("at://{}/{POST}/{rkey}", self.alice.did);
        let mut edit = post("alice was here");
        edit["uri"] = theirs.as_str().into();
        let written = self.call(&self.phone, PUT, &edit).await;
        assert_eq!(written["uri"], ours, "whoever calls writes to their own repository");
        self.has(&self.alice, &ours, Some("alice was here")).await;
        self.has(&self.bob, &theirs, Some("bob's")).await;
        self.call(&self.phone, DELETE, &json!({ "uri": theirs })).await;
        self.has(&self.alice, &ours, None).await;
        self.has(&self.bob, &theirs, Some("bob's")).await;
    }

    pub(super) async fn blobs_go_to_the_pds(&self) {
        let path = "/xrpc/com.atproto.repo.uploadBlob";
        let request = self.phone.signed(Method::POST, path).header("content-type", "text/plain");
        let blob = self.phone.send(request.body("some bytes")).await.expect(200)["blob"].clone();
        assert_eq!((&blob["mimeType"], &blob["size"]), (&json!("text/plain"), &json!(10)));
        let mut with_it = post("with a blob");
        with_it["attachment"] = blob.clone();
        let written = self.call(&self.phone, CREATE, &with_it).await;
        let query = [("uri", written["uri"].as_str().unwrap())];
        let answer = self.server.client.get_with(&format!("/xrpc/{GET_POST}"), &query).await.expect(200);
        let url = answer["record"]["attachment"]["url"].as_str().unwrap().to_owned();
        assert!(url.starts_with(&self.alice.pds), "{url}");
        let there = HttpClient::new(&self.alice.pds).get(url.strip_prefix(&self.alice.pds).unwrap()).await;
        assert_eq!((there.status, &*there.text), (200, "some bytes"));
    }

    pub(super) async fn the_dashboard_writes_too(&self) {
        let answer = self.admin().post(&format!("/xrpc/{CREATE}"), &post("from the dashboard")).await;
        let written = answer.expect(200);
        self.has(&self.operator.0, written["uri"].as_str().unwrap(), Some("from the dashboard")).await;
    }

    /// Writes a post.
    pub(super) async fn write(&self, device: &Device, text: &str) -> Value {
        self.call(device, CREATE, &post(text)).await
    }

    /// The status of writing a post.
    pub(super) async fn try_write(device: &Device, text: &str) -> u16 {
        device.post(&format!("/xrpc/{CREATE}"), &post(text)).await.status
    }

    pub(super) async fn call(&self, device: &Device, nsid: &str, input: &Value) -> Value {
        device.post(&format!("/xrpc/{nsid}"), input).await.expect(200)
    }

    /// At home and in the view a post has this text, or is not there.
    pub(super) async fn has(&self, author: &Account, uri: &str, text: Option<&str>) {
        let rkey = uri.rsplit('/').next().unwrap();
        let at_home = self.scene.network.get_record(author, POST, rkey).await;
        assert_eq!(at_home.as_ref().map(|record| record.value["text"].as_str().unwrap()), text, "{uri}");
        let path = format!("/xrpc/{GET_POST}");
        let answer = self.server.client.get_with(&path, &[("uri", uri)]).await;
        match text {
            Some(text) => assert_eq!(answer.expect(200)["record"]["text"], text, "{uri}"),
            None => assert_eq!(answer.status, 404, "{uri}"),
        }
    }
}
