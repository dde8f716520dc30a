//! Calls of the control API, whose errors are errors of the test.

use super::Network;
use reqwest::Method;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

impl Network {
    pub(super) async fn ask<T: DeserializeOwned>(&self, path: &str) -> T {
        decode(path, &self.control.get(path).await.expect(200))
    }

    pub(super) async fn tell<T: DeserializeOwned>(&self, path: &str, body: &Value) -> T {
        decode(path, &self.control.post(path, body).await.expect(200))
    }

    pub(super) async fn cancel<T: DeserializeOwned>(&self, path: &str) -> T {
        decode(path, &self.control.send(self.control.request(Method::DELETE, path)).await.expect(200))
    }

    /// Returns when everything the PDSes have committed has gone through the relay and Jetstream.
    pub async fn settle(&self) {
        let _: Value = self.tell("/settle", &json!({})).await;
    }

    /// Sets the TXT records of a DNS name; an empty list removes it.
    pub async fn set_dns(&self, name: &str, txt: &[&str]) {
        let _: Value = self.tell("/dns", &json!({ "name": name, "txt": txt })).await;
    }

    /// Makes the PDSes fetch `https://HOST/…` from another URL.
    pub async fn map_host(&self, host: &str, url: &str) {
        let _: Value = self.tell("/hosts", &json!({ "map": format!("{host}={url}") })).await;
    }

    /// Plays the user's browser on an OAuth authorization page: signs in, approves, and returns the callback URL to
    /// which the browser would be sent.
    pub async fn approve_oauth(&self, authorize_url: &str, identifier: &str, password: &str) -> String {
        let body = json!({ "url": authorize_url, "identifier": identifier, "password": password });
        let answer: Value = self.tell("/oauth/approve", &body).await;
        answer["redirect"].as_str().unwrap_or_else(|| panic!("no redirect in {answer}")).to_owned()
    }
}

pub(super) fn decode<T: DeserializeOwned>(what: &str, value: &Value) -> T {
    T::deserialize(value).unwrap_or_else(|error| panic!("{what} answered {value}: {error}"))
}
