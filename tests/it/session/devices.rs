//! Somebody's devices: seen from each other, signed out from each other, out of everybody else's reach.

use serde_json::Value;
use testkit::{Answer, Device};

use super::Story;

fn of(did: &str) -> String {
    format!("/oauth/sessions/{did}")
}

fn devices_of(did: &str) -> String {
    format!("/oauth/sessions/{did}/devices")
}

fn ids(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|device| device["id"].as_str().unwrap()).collect()
}

impl Story<'_> {
    pub(super) async fn devices_are_seen_and_signed_out(&self) {
        let (did, network) = (&self.alice.did, &self.scene.network);
        let tablet = self.public.sign_in(network, &self.alice).await;
        let listed = self.phone.get(&devices_of(did)).await.expect(200);
        let all = [&tablet, &self.laptop, &self.phone].map(|device| &*device.session_id);
        assert_eq!(ids(&listed), all, "newest first");
        let lost = format!("{}/{}", devices_of(did), tablet.session_id);
        drop(self.laptop.delete(&lost).await.expect(204));
        assert_eq!(self.laptop.delete(&lost).await.status, 404);
        assert!(!self.is_signed_in(&tablet).await);
        assert!(self.is_signed_in(&self.phone).await && self.is_signed_in(&self.laptop).await);
        assert_eq!(ids(&self.phone.get(&devices_of(did)).await.expect(200)), all[1..]);
        self.is_revoked(&tablet).await;
    }

    pub(super) async fn strangers_reach_no_device(&self) {
        let network = &self.scene.network;
        let of_bob = self.public.sign_in(network, &self.bob).await;
        let elsewhere = self.confidential.sign_in(network, &self.alice).await;
        let did = &self.alice.did;
        let phone = format!("{}/{}", devices_of(did), self.phone.session_id);
        let refused = |answer: &Answer| assert!(matches!(answer.status, 401 | 403), "{answer:?}");
        for path in [of(did), devices_of(did)] {
            refused(&of_bob.get(&path).await);
            refused(&self.public.app.named.get(&path).await);
            refused(&self.server.client.get(&path).await);
        }
        for path in [of(did), phone.clone()] {
            refused(&of_bob.delete(&path).await);
            refused(&self.public.app.named.delete(&path).await);
            refused(&self.server.client.delete(&path).await);
        }
        // Under his own name her device is not there, and the other app's server sees its own sessions only.
        let disguised = format!("{}/{}", devices_of(&self.bob.did), self.phone.session_id);
        assert_eq!(of_bob.delete(&disguised).await.status, 404);
        let server = &self.confidential.app.http;
        assert_eq!(ids(&server.get(&devices_of(did)).await.expect(200)), [&elsewhere.session_id]);
        assert_eq!(server.delete(&phone).await.status, 404);
        assert!(self.is_signed_in(&self.phone).await);
        // That server signs its user out everywhere, which here is one device.
        drop(server.delete(&of(did)).await.expect(204));
        assert!(!self.is_signed_in(&elsewhere).await);
        assert!(self.is_signed_in(&self.phone).await && self.is_signed_in(&of_bob).await);
        drop(of_bob.delete(&of(&self.bob.did)).await.expect(204));
        assert!(!self.is_signed_in(&of_bob).await);
    }

    /// The PDS takes the refresh token no more.
    async fn is_revoked(&self, device: &Device) {
        let token = device.refresh_token.as_deref().unwrap();
        let answer = self.public.oauth.refresh(&self.alice, &device.key, token).await;
        assert_eq!(answer.expect(400)["error"], "invalid_grant");
    }
}
