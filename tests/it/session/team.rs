//! An account that somebody else may write to (spec/appview.md §3.7).

use serde_json::{Value, json};
use testkit::{Answer, Device};

use super::Story;
use super::writes::CREATE;
use crate::samples::post;

async fn call(device: &Device, method: &str, body: Value) -> Answer {
    device.post(&format!("/xrpc/dev.happyview.delegation.{method}"), &body).await
}

impl Story<'_> {
    pub(super) async fn an_account_is_shared(&self) {
        let (team, bob) = (&self.alice.did, self.public.sign_in(&self.scene.network, &self.bob).await);
        let mut shared = post("by bob, for the team");
        shared["delegateDid"] = team.as_str().into();
        let write = async || bob.post(&format!("/xrpc/{CREATE}"), &shared).await;
        assert_eq!(write().await.status, 403, "nothing is shared yet");
        drop(call(&self.phone, "linkAccount", json!({ "did": team })).await.expect(201));
        let member = json!({ "accountDid": team, "userDid": self.bob.did, "role": "member" });
        drop(call(&self.phone, "addDelegate", member).await.expect(201));

        let written = write().await.expect(200);
        let uri = written["uri"].as_str().unwrap();
        assert!(uri.starts_with(&format!("at://{team}/")), "{uri}");
        self.has(&self.alice, uri, Some("by bob, for the team")).await;
        // What he is a delegate of in this app, he is in no other.
        let elsewhere = self.confidential.sign_in(&self.scene.network, &self.bob).await;
        assert_eq!(elsewhere.post(&format!("/xrpc/{CREATE}"), &shared).await.status, 403);

        let removed = json!({ "accountDid": team, "userDid": self.bob.did });
        drop(call(&self.phone, "removeDelegate", removed).await.expect(200));
        assert_eq!(write().await.status, 403, "at once");
        for device in [&bob, &elsewhere] {
            drop(device.delete(&format!("/oauth/sessions/{}", self.bob.did)).await.expect(204));
        }
    }
}
