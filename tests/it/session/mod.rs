//! The whole story of signing in, against a real PDS: the first person becomes the operator and registers apps, users sign
//! in on their devices, write, have their tokens refreshed, and sign out one way or another.

mod clients;
mod devices;
mod endings;
mod first;
mod reach;
mod renewal;
mod team;
mod writes;

use store::v;
use testkit::network::Account;
use testkit::{Belvedere, Browser, Device, HttpClient, NetworkOptions, TestDatabase};

use crate::people::Client;
use crate::samples::{POST, list_of};
use crate::scene::Scene;

#[tokio::test(flavor = "multi_thread")]
async fn from_the_first_sign_in_to_the_last_sign_out_on_sqlite() {
    from_the_first_sign_in_to_the_last_sign_out(TestDatabase::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn from_the_first_sign_in_to_the_last_sign_out_on_postgres() {
    if let Some(database) = TestDatabase::postgres().await {
        from_the_first_sign_in_to_the_last_sign_out(database).await;
    }
}

async fn from_the_first_sign_in_to_the_last_sign_out(database: TestDatabase) {
    let options = NetworkOptions { accounts: 3, ..NetworkOptions::default() };
    let Some(scene) = Scene::with(database, options).await else { return };
    scene.place.add_samples();
    let server = scene.place.start().await;
    let story = Story::begin(&scene, &server).await;
    story.clients_are_made_by_the_operator().await;
    story.users_write().await;
    story.blobs_go_to_the_pds().await;
    story.scripts_reach_pdses_and_each_other().await;
    story.foreign_records_are_out_of_reach().await;
    story.the_dashboard_writes_too().await;
    story.an_account_is_shared().await;
    story.fifty_calls_cost_one_refresh().await;
    story.devices_are_seen_and_signed_out().await;
    story.strangers_reach_no_device().await;
    story.what_ends_at_the_pds_ends_here().await;
    story.browser_sessions_expire().await;
    story.signing_out_is_for_good().await;
    story.an_app_that_is_removed_takes_everything_along().await;
}

/// Everybody in it.
struct Story<'s> {
    scene: &'s Scene,
    server: &'s Belvedere,
    /// The first one to sign in, in a browser.
    operator: (Account, Browser),
    /// Who came a moment too late to be it.
    alice: Account,
    bob: Account,
    /// An app with a server, and one without.
    confidential: Client,
    public: Client,
    phone: Device,
    laptop: Device,
}

impl<'s> Story<'s> {
    async fn begin(scene: &'s Scene, server: &'s Belvedere) -> Self {
        let [one, two, bob] = scene.network.accounts().await.try_into().unwrap();
        let (operator, alice) = first::one_of_two_is_first(scene, server, one, two).await;
        let admin = operator.1.http();
        let confidential = Client::register(&admin, server.url(), "confidential", "confidential").await;
        let public = Client::register(&admin, server.url(), "public", "public").await;
        let phone = public.sign_in(&scene.network, &alice).await;
        let laptop = public.sign_in(&scene.network, &alice).await;
        Self { scene, server, operator, alice, bob, confidential, public, phone, laptop }
    }

    /// The operator, through the dashboard.
    fn admin(&self) -> HttpClient {
        self.operator.1.http()
    }

    /// Whether a device is signed in, as a query finds it that anybody may make.
    async fn is_signed_in(&self, device: &Device) -> bool {
        let answer = device.get(&format!("/xrpc/{}", list_of(POST))).await;
        assert!(matches!(answer.status, 200 | 401), "{answer:?}");
        answer.status == 200
    }

    /// Changes a row behind the server's back, as time would.
    async fn sql(&self, sql: &'static str, id: &str) {
        let (store, id) = (self.scene.place.store().await, id.to_owned());
        let changed = store.state.write(move |conn| conn.execute(sql, &[v(&id)]));
        let changed: Result<u64, store::Error> = changed.await;
        assert_eq!(changed.unwrap(), 1, "{sql}");
    }
}
