//! A network, an index that follows its stream, and jobs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use atproto::Nsid;
use backfill::{BackfillParts, Backfills, Cause, Job, NewJob, Scope, Status, Tuning};
use events::EventLog;
use identity::{Resolver, ResolverConfig};
use outbound::{BackOff, Outbound, OutboundConfig, Policy};
use records::{Ingest, IngestConfig, IngestParts, Interest, Records, Wanted};
use remote::archive::Archive;
use remote::{Directory, Mode, Remote, RemoteConfig};
use store::{Schema, Store};
use testkit::sim::{AccountPlan, Behaviour, Expected, HostPlan, Plan, Sim};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;
use url::Url;

/// How long a test waits for what must happen.
const PATIENCE: Duration = Duration::from_mins(1);

/// Long waits pass so many times faster.
const TIME_SCALE: u32 = 100;

pub(crate) struct Rig {
    pub(crate) sim: Sim,
    pub(crate) store: Store,
    pub(crate) records: Records,
    wanted: Wanted,
    tuning: Tuning,
}

/// An instance at work.
pub(crate) struct Instance {
    pub(crate) backfills: Backfills,
    stop: CancellationToken,
    tasks: Vec<JoinHandle<()>>,
}

pub(crate) fn note() -> Nsid {
    Nsid::parse("com.example.note").unwrap()
}

/// Every table that is needed.
pub(crate) fn schemas() -> Vec<&'static Schema> {
    [&records::SCHEMAS[..], &backfill::SCHEMAS, &[&events::SCHEMA]].concat()
}

/// Runs a test on each engine, with a network of its own each time.
pub(crate) async fn on_each_network<F>(plan: Plan, test: impl Fn(Rig) -> F)
where
    F: Future<Output = ()>,
{
    testkit::on_each_engine(&schemas(), |store| {
        let (plan, test) = (plan.clone(), &test);
        async move { test(Rig::new(store, plan).await).await }
    })
    .await;
}

/// A host with so many accounts that have so many notes each.
pub(crate) fn host(behaviour: Behaviour, accounts: usize, notes: u32) -> HostPlan {
    HostPlan::new(behaviour, vec![AccountPlan::active(&[note()], notes); accounts])
}

/// A network of these hosts.
pub(crate) fn hosts(hosts: Vec<HostPlan>) -> Plan {
    Plan { seed: 7, hosts, ..Plan::default() }
}

impl Rig {
    pub(crate) async fn new(store: Store, plan: Plan) -> Self {
        let wanted = Wanted::default();
        wanted.set("test", Interest { index: BTreeSet::from([note()]), watch: BTreeSet::new() });
        let tuning = Tuning { concurrent_hosts: 10, ..Tuning::default() };
        Self { sim: Sim::start(plan).await, records: Records::new(&store, Vec::new()), store, wanted, tuning }
    }

    /// Indexes these collections, too.
    pub(crate) fn wants(&self, collections: &[Nsid]) {
        let index = collections.iter().cloned().collect();
        self.wanted.set("more", Interest { index, watch: BTreeSet::new() });
    }

    /// Starts an instance.
    pub(crate) fn start(&self) -> Instance {
        self.start_as("one", None)
    }

    pub(crate) fn start_as(&self, instance: &str, archive: Option<Url>) -> Instance {
        let outbound = outbound();
        let resolver = Resolver::new(
            outbound.clone(),
            ResolverConfig { refresh_floor: Duration::ZERO, ..ResolverConfig::new(self.sim.plc()) },
        );
        let events = EventLog::open(&self.store.state, None).0;
        let ingest = Ingest::new(IngestParts {
            records: self.records.clone(),
            events: events.clone(),
            outbound: outbound.clone(),
            resolver: resolver.clone(),
            wanted: self.wanted.clone(),
            hooks: Vec::new(),
            config: IngestConfig {
                compress: false,
                back_off: (Duration::from_millis(20), Duration::from_millis(100)),
                ..IngestConfig::new(self.sim.jetstream(), instance.to_owned())
            },
        });
        let tuning = self.tuning;
        let backfills = Backfills::open(BackfillParts {
            store: self.store.clone(),
            records: self.records.clone(),
            remote: Remote::new(outbound.clone(), resolver, RemoteConfig::default()),
            directory: Directory::new(outbound.clone(), self.sim.relay()),
            archive: archive.map(|url| Archive::new(outbound, url)),
            wanted: self.wanted.clone(),
            events,
            tuning: Arc::new(move || tuning),
            mode: Mode::Auto,
            verified: false,
            repair_gaps: true,
            instance: instance.to_owned(),
            time_scale: TIME_SCALE,
        });
        let stop = CancellationToken::new();
        let tasks =
            vec![tokio::spawn(ingest.run(stop.clone())), tokio::spawn(backfills.clone().run(stop.clone()))];
        Instance { backfills, stop, tasks }
    }

    /// What readers see of these collections.
    pub(crate) async fn here(&self, collections: &[Nsid]) -> BTreeMap<String, Expected> {
        const SQL: &str = "SELECT uri, cid, record FROM records WHERE collection = $1";
        let mut here = BTreeMap::new();
        for collection in collections {
            let collection = collection.clone();
            let rows = self.store.index.read(move |conn| {
                conn.query(SQL, &[store::v(collection.as_str())], |row| {
                    let record = Expected {
                        cid: row.opt_text(1)?.unwrap_or_default().to_owned(),
                        json: serde_json::from_str(row.text(2)?).unwrap(),
                    };
                    Ok::<_, store::Error>((row.string(0)?, record))
                })
            });
            here.extend(rows.await.unwrap());
        }
        here
    }

    /// Fails unless the index is what the network's model says.
    pub(crate) async fn is_equal(&self) {
        self.sim.difference(&[note()], &self.here(&[note()]).await).assert_none();
    }

    /// Waits until it is: what was written just now is on its way.
    pub(crate) async fn becomes_equal(&self) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let difference = self.sim.difference(&[note()], &self.here(&[note()]).await);
            if difference.is_empty() {
                return;
            }
            assert!(Instant::now() < deadline, "not in time: {difference}");
            sleep(Duration::from_millis(50)).await;
        }
    }

    /// The status of a job, whoever works on it.
    pub(crate) async fn job(&self, id: &str) -> String {
        let (id, sql) = (id.to_owned(), "SELECT status FROM backfill_jobs WHERE id = $1");
        let status = self
            .store
            .state
            .read(move |conn| conn.query_one::<_, store::Error>(sql, &[store::v(&id)], |row| row.string(0)));
        status.await.unwrap()
    }

    /// One number.
    pub(crate) async fn count(&self, sql: &'static str) -> i64 {
        let count =
            self.store.index.read(move |conn| conn.query_one::<_, store::Error>(sql, &[], |row| row.int(0)));
        count.await.unwrap()
    }
}

impl Instance {
    /// Starts a job for everything.
    pub(crate) async fn everything(&self) -> Job {
        self.job(Cause::Manual, Mode::Auto, false).await
    }

    pub(crate) async fn job(&self, cause: Cause, mode: Mode, verified: bool) -> Job {
        let scope = Scope::Network;
        let job = NewJob { collections: Vec::new(), scope, mode, verified, cause, by: None };
        self.backfills.start(job).await.unwrap()
    }

    /// Waits until the job has a status.
    pub(crate) async fn until(&self, id: &str, what: &str, is: impl Fn(&Job) -> bool) -> Job {
        until(what, async || Some(self.backfills.job(id).await.unwrap()).filter(|job| is(job))).await
    }

    /// Waits until the job has ended, and checks that its figures are those of its repositories.
    pub(crate) async fn ended(&self, rig: &Rig, id: &str) -> Job {
        let job = self.until(id, "the job ends", |job| job.status.is_final()).await;
        let of = job.id.clone();
        let sums = rig.store.index.read(move |conn| {
            conn.query_one::<_, store::Error>(
                "SELECT count(*), CAST(sum(records) AS BIGINT) FROM backfill_repos WHERE job_id = $1",
                &[store::v(&of)],
                |row| Ok((row.int(0)?, row.int(1)?)),
            )
        });
        assert_eq!((job.total_repos, job.total_records), sums.await.unwrap(), "{job:?}");
        assert_eq!(job.processed_repos + job.failed_repos, job.total_repos, "{job:?}");
        assert_eq!(job.resolved_repos, job.total_repos, "{job:?}");
        assert_eq!(job.error.is_some(), job.failed_repos > 0, "{job:?}");
        assert_eq!(job.status, Status::Completed, "{job:?}");
        job
    }

    /// In an orderly way.
    pub(crate) async fn stop(self) {
        self.stop.cancel();
        for task in self.tasks {
            task.await.unwrap();
        }
    }

    /// As if the plug was pulled, as far as a task can tell.
    pub(crate) fn crash(self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

pub(crate) async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(answer) = look().await {
            return answer;
        }
        assert!(Instant::now() < deadline, "not in time: {what}");
        sleep(Duration::from_millis(20)).await;
    }
}

fn outbound() -> Outbound {
    let policy = Policy { allow_loopback: true, ..Policy::default() };
    let back_off = BackOff { first: Duration::from_millis(20), longest: Duration::from_millis(200) };
    let config = OutboundConfig {
        policy,
        back_off,
        connect_timeout: Duration::from_secs(2),
        ..OutboundConfig::default()
    };
    Outbound::new(config).unwrap()
}
