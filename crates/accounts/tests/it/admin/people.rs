//! Who calls: people who are signed in, and keys.

use accounts::{Actor, permissions::PERMISSIONS, users::NewUser};
use reqwest::Method;
use serde_json::Value;
use testkit::{Answer, HttpClient};

use crate::{
    clients::site::Site,
    support::{did, person},
};

/// A user, with a browser in which they are signed in.
pub(crate) struct Person {
    pub(crate) id: String,
    pub(crate) http: HttpClient,
    actor: Actor,
}

impl Person {
    /// The super user.
    pub(crate) async fn root(site: &Site) -> Self {
        let user = site.accounts.users.bootstrap(&did("root")).await.unwrap().unwrap();
        Self { id: user.id, http: browser(site, "root").await, actor: person("root") }
    }

    /// A user with these permissions.
    pub(crate) async fn with(site: &Site, name: &str, permissions: &[&str]) -> Self {
        let permissions = permissions.iter().map(ToString::to_string).collect();
        let new = NewUser { did: did(name), template: None, permissions };
        let user = site.accounts.users.create(&Actor::LocalOperator, new).await.unwrap();
        Self { id: user.id, http: browser(site, name).await, actor: person(name) }
    }

    /// A key of theirs.
    pub(crate) async fn key(&self, site: &Site, permissions: &[&str]) -> HttpClient {
        let key = site.accounts.keys.create(&self.actor, "test", permissions).await.unwrap();
        site.http.with_bearer(&key.key)
    }

    /// What they were granted.
    pub(crate) async fn permissions(&self, site: &Site) -> Vec<&'static str> {
        let user = site.accounts.users.get(&self.id).await.unwrap();
        user.permissions.iter().map(|permission| permission.name()).collect()
    }

    pub(crate) fn path(&self) -> String {
        format!("/admin/users/{}", self.id)
    }
}

/// A browser in which somebody is signed in, user or not, on a page of the site.
pub(crate) async fn browser(site: &Site, name: &str) -> HttpClient {
    let session = site.accounts.browser_sessions.start(&did(name), None).await.unwrap();
    let cookie = session.set_cookie.to_str().unwrap().split(';').next().unwrap().to_owned();
    site.http.with_header("cookie", &cookie).with_header("origin", &site.origin)
}

/// A key of the local operator with these permissions.
pub(crate) async fn key(site: &Site, permissions: &[&str]) -> HttpClient {
    let key = site.accounts.keys.create(&Actor::LocalOperator, "test", permissions).await.unwrap();
    site.http.with_bearer(&key.key)
}

/// A key of the local operator with every permission.
pub(crate) async fn full_key(site: &Site) -> HttpClient {
    let all: Vec<_> = PERMISSIONS.iter().map(|info| info.permission.name()).collect();
    key(site, &all).await
}

/// PATCH with a JSON body.
pub(crate) async fn patch(http: &HttpClient, path: &str, body: &Value) -> Answer {
    http.send(http.request(Method::PATCH, path).json(body)).await
}
