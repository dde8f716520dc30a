//! GitHub, as far as people let it say who they are.

mod avatars;
mod connecting;
mod refusals;
mod stand_in;
mod states;
mod webhook;

use std::time::Duration;

use outbound::{Outbound, OutboundConfig, Policy};
use serde_json::Value;
use store::Store;
use sync::{Github, OAuthApp, SyncParts};
use testkit::on_each_engine;
use url::Url;

use crate::site::{Person, Site, parts};
use stand_in::StandIn;
pub(crate) use stand_in::drawn;

/// A relay that knows a GitHub.
struct Scene {
    site: Site,
    github: StandIn,
}

async fn on_each<F: Future<Output = ()>>(test: impl Fn(Scene) -> F + Copy) {
    on_each_engine(&[&sync::SCHEMA], |store| async move { test(Scene::start(store).await).await }).await;
}

/// The way out of a relay under test.
fn outbound(policy: Policy, timeout: Duration) -> Outbound {
    Outbound::new(OutboundConfig { policy, timeout, ..OutboundConfig::default() }).unwrap()
}

impl Scene {
    async fn start(store: Store) -> Self {
        Self::with(|_| parts(store)).await
    }

    /// With other parts than usual.
    async fn with(parts: impl FnOnce(&StandIn) -> SyncParts) -> Self {
        let github = StandIn::start().await;
        let parts = parts(&github);
        let app = github.app(outbound(Policy::development(), Duration::from_secs(20)));
        Self { site: Site::of(configured(parts, app)).await, github }
    }

    /// The state with which a person is sent to GitHub.
    async fn state(&self, person: &Person) -> String {
        let url = person.http.get("/v1/connect/github/params").await.expect(200)["url"].clone();
        let url = Url::parse(url.as_str().unwrap()).unwrap();
        url.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned()
    }

    /// A browser comes back from GitHub; what follows the web app's address.
    async fn back(&self, brought: &[(&str, &str)]) -> String {
        back(&self.site, brought).await
    }

    /// All of it, for somebody whom GitHub knows by this code.
    async fn connect(&self, person: &Person, code: &str) -> String {
        self.back(&[("code", code), ("state", &self.state(person).await)]).await
    }

    async fn profile(&self, person: &Person) -> Value {
        person.http.get("/v1/account/profile").await.expect(200)
    }

    /// How many updates the account has been told.
    async fn told(&self, person: &Person) -> i64 {
        let since = person.http.get("/v1/updates/since/0").await.expect(200);
        since["updates"].as_array().unwrap().len().try_into().unwrap()
    }
}

fn configured(parts: SyncParts, app: OAuthApp) -> SyncParts {
    let webhook = Some(sync::Webhook::new(webhook::SECRET));
    SyncParts { github: Github { app: Some(app), webhook, ..parts.github }, ..parts }
}

async fn back(site: &Site, brought: &[(&str, &str)]) -> String {
    let answer = site.client.get_with("/v1/connect/github/callback", brought).await;
    assert_eq!((answer.status, answer.header("cache-control")), (302, "no-store"), "{answer:?}");
    answer.header("location").strip_prefix("https://app.example/?").unwrap().to_owned()
}
