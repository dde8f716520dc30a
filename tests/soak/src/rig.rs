//! A simulated network, a place for the program's data, and the program.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use atproto::{Did, Nsid, RecordKey};
use serde_json::json;
use testkit::sim::{Expected, Faults, Outlet, Plan, Sim};
use testkit::{Belvedere, BelvedereOptions, HttpClient};
use tokio::time::sleep;

use crate::chance::Chance;
use crate::prepared::{COLLECTIONS, Place};
use crate::source::Source;
use crate::wait::{PATIENCE, until};
use crate::{Kind, Run, index};

/// Between two looks at the index.
const PERIOD: Duration = Duration::from_millis(50);

/// Everything that a scenario plays with.
pub(crate) struct Rig {
    pub(crate) sim: Sim,
    pub(crate) place: Place,
    pub(crate) chance: Chance,
    pub(crate) kind: Kind,
    pub(crate) source: Source,
    /// More settings, by their variables, from the next start on.
    pub(crate) settings: Vec<(&'static str, String)>,
    /// Versions that were taken out of the index here, by URI: their CIDs.
    pub(crate) left_out: BTreeMap<String, String>,
    /// Of records that were written.
    pub(crate) written: u64,
    server: Option<Belvedere>,
    _clock: tempfile::TempDir,
}

/// The collections that are indexed.
pub(crate) fn collections() -> Vec<Nsid> {
    COLLECTIONS.map(|nsid| Nsid::parse(nsid).unwrap()).into()
}

impl Rig {
    /// A network of few accounts that have written nothing yet, followed by way of a Jetstream or a relay.
    pub(crate) async fn new(run: &Run) -> Self {
        Self::with_history(run, 0).await
    }

    /// The same with so many records of each account in each collection, from before.
    pub(crate) async fn with_history(run: &Run, records: u32) -> Self {
        let place = run.prepared.place().await;
        let plan = Plan::normal(run.seed, 2, 3, &collections(), records);
        Self::made(run, plan, place).await
    }

    pub(crate) async fn made(run: &Run, plan: Plan, place: Place) -> Self {
        let mut chance = Chance::new(run.seed);
        let outlet = chance.pick(&[Outlet::Jetstream(0), Outlet::Relay(0)]);
        let clock = tempfile::tempdir().unwrap();
        let settings = vec![("FAULTS_CLOCK", clock.path().join("clock").to_str().unwrap().to_owned())];
        Self {
            sim: Sim::start(plan).await,
            place,
            chance,
            kind: run.kind,
            source: Source::one(outlet),
            settings,
            left_out: BTreeMap::new(),
            written: 0,
            server: None,
            _clock: clock,
        }
    }

    fn options(&self) -> BelvedereOptions {
        let options = self.place.options.clone().in_sim(&self.sim).with("READ_THROUGH", "off");
        let options = self.source.set(options, &self.sim);
        self.settings.iter().fold(options, |options, (name, value)| options.with(name, value))
    }

    /// Starts the program.
    pub(crate) async fn start(&mut self) {
        self.server = Some(Belvedere::start(&self.options()).await);
    }

    /// Starts the program to die at a moment of this name.
    pub(crate) async fn start_to_die(&mut self, at: &str) {
        self.server = Some(Belvedere::start(&self.options().with("FAULTS_CRASH", at)).await);
    }

    /// Starts the program for the first time, and waits until it has kept where it is: from here on nothing may be missed.
    pub(crate) async fn begin(&mut self) {
        self.follow().await;
        let (did, collection) = (self.sim.accounts().remove(0), collections().remove(0));
        let rkey = RecordKey::parse("beginning").unwrap();
        let record = json!({ "$type": collection, "text": "the beginning" });
        self.sim.write(&did, &collection, &rkey, record);
        let uri = format!("at://{did}/{collection}/{rkey}");
        until("the first record is here", async || {
            let here = index::records(&self.place.database).await.unwrap_or_default();
            here.contains_key(&uri).then_some(())
        })
        .await;
    }

    /// Starts the program and waits until it follows the stream.
    pub(crate) async fn follow(&mut self) {
        self.start().await;
        self.is_followed().await;
    }

    pub(crate) async fn is_followed(&self) {
        until("the stream is followed", async || self.source.is_followed(&self.sim).then_some(())).await;
    }

    pub(crate) fn server(&self) -> &Belvedere {
        self.server.as_ref().unwrap()
    }

    pub(crate) fn has_died(&mut self) -> bool {
        self.server.as_mut().is_none_or(Belvedere::has_ended)
    }

    /// The same, if it does so within a moment.
    pub(crate) async fn has_died_soon(&mut self) -> bool {
        for _ in 0..200 {
            if self.has_died() {
                return true;
            }
            sleep(Duration::from_millis(10)).await;
        }
        false
    }

    /// What an administrator does.
    pub(crate) fn admin(&self) -> HttpClient {
        self.server().client.with_bearer(&self.place.key)
    }

    /// Ends the program as a power cut would.
    pub(crate) fn kill(&mut self) {
        if let Some(server) = self.server.take() {
            server.kill();
        }
    }

    /// Ends the program in order.
    pub(crate) async fn stop(&mut self) {
        if let Some(server) = self.server.take() {
            let ended = server.terminate().await;
            assert!(ended.status.success(), "{ended:?}");
        }
    }

    /// Ends the program, one way or the other, and starts it again.
    pub(crate) async fn restart(&mut self) {
        if self.chance.is(0.5) {
            self.kill();
        } else {
            self.stop().await;
        }
        self.start().await;
    }

    /// Asks it to end, on which it dies.
    pub(crate) async fn ask_to_end(&mut self) {
        if let Some(server) = self.server.take() {
            let ended = server.terminate().await;
            assert!(!ended.status.success(), "it was to die: {ended:?}");
        }
    }

    /// The servers that are followed treat their subscribers like this from now on.
    pub(crate) fn misbehave(&self, faults: &Faults) {
        self.source.misbehave(&self.sim, faults);
    }

    /// Puts the program's clock wrong by so many milliseconds.
    pub(crate) fn set_clock(&self, millis: i64) {
        let file = PathBuf::from(&self.settings[0].1);
        let written = file.with_extension("new");
        std::fs::write(&written, millis.to_string()).unwrap();
        std::fs::rename(&written, &file).unwrap();
    }

    /// The records that the index must have, those that it may have, and how it differs.
    pub(crate) async fn difference(&self) -> Result<(), String> {
        let here = index::records(&self.place.database).await?;
        let (mut must, may) = (self.sim.expected(&collections()), self.sim.permitted(&collections()));
        let decided = |uri: &String, record: &Expected| self.left_out.get(uri) == Some(&record.cid);
        must.retain(|uri, record| !decided(uri, record));
        let difference = testkit::sim::Difference::between(&must, &may, &here);
        if !difference.is_empty() {
            return Err(difference.to_string());
        }
        let statuses = index::statuses(&self.place.database).await?;
        for did in self.sim.accounts() {
            let right = number_of(self.sim.standing(&did).status());
            match statuses.get(did.as_str()) {
                Some(known) if *known != right => return Err(format!("{did} is {known} and not {right}")),
                _ => {}
            }
        }
        Ok(())
    }

    /// Waits until nothing is missing, nothing extra and nothing stale.
    pub(crate) async fn becomes_equal(&mut self) {
        let start = Instant::now();
        while let Err(difference) = self.difference().await {
            assert!(!self.has_died(), "the program has ended: {}", self.last_words());
            assert!(
                start.elapsed() < PATIENCE,
                "the index is not what it must be: {difference}\n--- {}",
                self.last_words()
            );
            sleep(PERIOD).await;
        }
    }

    /// Brings everything back to order, lets every account write once more, and waits until the index is what it must be.
    pub(crate) async fn ends_equal(&mut self) {
        self.misbehave(&Faults::default());
        self.set_clock(0);
        self.is_followed().await;
        // Whoever follows a relay sees by the next commit of an account whether something of it is missing.
        self.everybody_writes();
        self.becomes_equal().await;
        self.stop().await;
    }

    fn last_words(&self) -> String {
        let log = self.server.as_ref().map(Belvedere::log).unwrap_or_default();
        log[log.len().saturating_sub(40)..].join("\n")
    }

    /// The accounts that are served.
    pub(crate) fn active(&self) -> Vec<Did> {
        let mut accounts = self.sim.accounts();
        accounts.retain(|did| self.sim.standing(did).is_active());
        accounts
    }

    /// The URIs of everything that the network has in the collections that are indexed.
    pub(crate) fn uris(&self) -> BTreeSet<String> {
        self.sim.expected(&collections()).into_keys().collect()
    }
}

/// What the program calls a status.
fn number_of(status: Option<&str>) -> i32 {
    match status {
        None => 0,
        Some("deactivated") => 1,
        Some("takendown") => 2,
        Some("suspended") => 3,
        Some(_) => 4,
    }
}
