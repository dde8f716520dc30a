//! Puts the appview together.

use std::path::PathBuf;
use std::sync::Arc;

use accounts::{Accounts, AttestationConfig, Vault};
use events::EventLog;
use find::Find;
use identity::Resolver;
use jobs::WorkerConfig;
use labels::{LabelsConfig, LabelsParts};
use outbound::{NamedHost, Outbound};
use readthrough::ReadThrough;
use records::{IngestHook, Records, Wanted};
use scripts::Folder;
use server::{App, Mount, Task};
use store::Store;

use crate::admin::{self, Admin, Streams};
use crate::checks::{Checker, Checks, RecordCheck, check_records};
use crate::labelling::{self, Followers, Labelling};
use crate::network::{Asking, LexiconHook, keep_in_step};
use crate::prices::Prices;
use crate::proxy::Proxy;
use crate::public::{self, PublicConfig};
use crate::queries::{Insight, Keeper, SlowQueries};
use crate::scripting::{Retries, Scripting, Trials};
use crate::xrpc::{self, Queries, Xrpc};
use crate::{Catalogue, Error, History, LexiconResolver, Lexicons, telemetry};

/// What the appview is built on.
pub struct AppviewParts {
    /// Opened with this crate's and the record index's schemas.
    pub store: Store,
    /// Who may do what.
    pub accounts: Accounts,
    /// The record index.
    pub records: Records,
    /// The way to records that are not here.
    pub readthrough: ReadThrough,
    /// What fetches the records from before.
    pub history: History,
    /// Where the lexicons' collections are asked for.
    pub wanted: Wanted,
    /// Who is who.
    pub resolver: Resolver,
    /// Where what happens is recorded.
    pub events: EventLog,
    /// The way to publishers of lexicons, and to those who serve what is not served here.
    pub outbound: Outbound,
    /// What seals the variables of scripts.
    pub vault: Vault,
    /// How background jobs are run.
    pub jobs: WorkerConfig,
    /// What scripts attest records with.
    pub attestation: AttestationConfig,
    /// Hosts that scripts may send requests to although their addresses are not public.
    pub script_http_hosts: Vec<NamedHost>,
    /// The name of this process among others.
    pub instance: String,
    /// How patiently labelers are followed.
    pub labels: LabelsConfig,
    /// What `GET /config` says.
    pub config: PublicConfig,
}

/// The appview, its lexicons loaded.
pub struct Appview {
    parts: AppviewParts,
    catalogue: Catalogue,
    labelling: Labelling,
    scripting: Scripting,
    xrpc: Arc<Xrpc>,
    insight: Insight,
    folder: Option<Folder>,
}

impl Appview {
    /// Loads the lexicons and asks for their collections.
    pub async fn open(parts: AppviewParts) -> Result<Self, Error> {
        telemetry::describe();
        let lexicons = Lexicons::open(&parts.store).recorded_in(parts.events.clone());
        let catalogue = Catalogue::load(lexicons, parts.wanted.clone()).await?;
        parts.accounts.clients.use_permission_sets(Arc::new(catalogue.clone()));
        let labelling = Labelling::new(&parts.store, parts.events.clone());
        let scripting = Scripting::open(&parts, &catalogue, &labelling).await?;
        let insight = Insight {
            catalogue: catalogue.clone(),
            find: Find::new(&parts.store),
            slow: SlowQueries::default(),
        };
        let xrpc = Arc::new(xrpc(&parts, &insight, &labelling, &scripting));
        scripting.methods.are(&xrpc);
        Ok(Self { parts, catalogue, labelling, scripting, xrpc, insight, folder: None })
    }

    /// Puts the scripts of a folder into effect; the app follows them.
    pub async fn watch(&mut self, dir: PathBuf) -> Result<(), Error> {
        self.folder = Some(self.scripting.folder(dir).await?);
        Ok(())
    }

    /// What there is to know about queries.
    #[must_use]
    pub fn insight(&self) -> Insight {
        self.insight.clone()
    }

    /// Where scripts are tried.
    #[must_use]
    pub fn trials(&self) -> Trials {
        self.scripting.trials.clone()
    }

    /// Where dead letters are tried again.
    #[must_use]
    pub fn retries(&self) -> Retries {
        self.scripting.retries.clone()
    }

    /// What another app asks that has routes below `/xrpc` too, for requests that are not for it.
    #[must_use]
    pub fn queries(&self) -> Queries {
        Queries::new(&self.xrpc)
    }

    /// The lexicons in memory.
    #[must_use]
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// What keeps network lexicons in step with the stream, what keeps records out that lexicons reject, and what runs scripts over
    /// the others; to be given to the ingest.
    #[must_use]
    pub fn ingest_hooks(&self) -> Vec<Arc<dyn IngestHook>> {
        let lexicons = LexiconHook::new(self.catalogue.clone(), self.parts.history.clone());
        let check = RecordCheck::new(self.catalogue.clone(), self.parts.events.clone());
        vec![Arc::new(lexicons), Arc::new(check), Arc::new(self.scripting.record_hook())]
    }

    /// What the shell mounts: `/xrpc`, `/config`, an extension of `/admin`, and the tasks that keep the
    /// lexicons up to date and follow labelers.
    #[must_use]
    pub fn app(self) -> App {
        let Self { parts, catalogue, labelling, scripting, xrpc, insight, folder } = self;
        let worker = scripting.worker(&parts);
        let followers = Followers {
            parts: LabelsParts {
                labelers: labelling.labelers.clone(),
                records: parts.records.clone(),
                outbound: parts.outbound.clone(),
                resolver: parts.resolver.clone(),
                hooks: vec![Arc::new(scripting.label_hook())],
                config: parts.labels.clone(),
            },
            labelling: labelling.clone(),
            records: parts.records.clone(),
            settings: parts.accounts.settings.clone(),
        };
        let publishers = LexiconResolver::new(parts.resolver.clone(), parts.outbound.clone());
        let prices = Prices {
            limits: parts.accounts.limits,
            settings: parts.accounts.settings.clone(),
            catalogue: catalogue.clone(),
        };
        let checker = Checker {
            index: parts.store.index.clone(),
            catalogue: catalogue.clone(),
            records: parts.records.clone(),
            history: parts.history.clone(),
        };
        let checking = Task::new("check-records", move |stop| check_records(checker, stop));
        let streams = Streams::new();
        let parked = scripting.parked.clone();
        let admin = Admin {
            catalogue: catalogue.clone(),
            records: parts.records,
            store: parts.store.clone(),
            resolver: parts.resolver,
            publishers: publishers.clone(),
            history: parts.history.clone(),
            streams: streams.clone(),
            scripting: scripting.clone(),
            labelling,
            checks: Checks::new(parts.store.index.clone()),
            insight: insight.clone(),
        };
        let keeper =
            Keeper { catalogue: catalogue.clone(), find: insight.find, instance: parts.instance.clone() };
        let indexes = Task::new("keep-query-indexes", move |stop| keeper.run(stop));
        let follow = Task::new("follow-lexicons", {
            let catalogue = catalogue.clone();
            move |stop| catalogue.follow(stop)
        });
        let asking = Asking { catalogue, resolver: publishers, history: parts.history };
        let refetch = Task::new("refresh-network-lexicons", move |stop| keep_in_step(asking, stop));
        let scripts = Task::new("follow-scripts", move |stop| scripting.library.follow(stop));
        let retries = Task::new("retry-scripts", move |stop| parked.run(stop));
        let jobs = Task::new("jobs", move |stop| worker.run(stop));
        let close = Task::new("close-streams", move |stop| streams.close_on(stop));
        let files = folder.map(|folder| Task::new("follow-scripts-folder", move |stop| folder.follow(stop)));
        App {
            mounts: vec![
                Mount { throttle: Some(Arc::new(prices)), ..xrpc::mount(&xrpc) },
                public::mount(parts.config, parts.store.state.engine(), parts.accounts.settings),
            ],
            extensions: vec![admin::extension(&admin)],
            tasks: [follow, refetch, checking, close, scripts, retries, jobs, indexes]
                .into_iter()
                .chain(files)
                .chain(labelling::tasks(followers))
                .collect(),
            ..App::new("appview")
        }
    }
}

/// The methods of this server.
fn xrpc(parts: &AppviewParts, insight: &Insight, labelling: &Labelling, scripting: &Scripting) -> Xrpc {
    let proxy = Proxy {
        settings: parts.accounts.settings.clone(),
        domains: parts.accounts.domains.clone(),
        resolver: parts.resolver.clone(),
        outbound: parts.outbound.clone(),
    };
    Xrpc {
        accounts: parts.accounts.clone(),
        catalogue: insight.catalogue.clone(),
        records: parts.records.clone(),
        find: insight.find.clone(),
        slow: insight.slow.clone(),
        profiles: parts.readthrough.memory(),
        readthrough: parts.readthrough.clone(),
        resolver: parts.resolver.clone(),
        outbound: parts.outbound.clone(),
        events: parts.events.clone(),
        scripting: scripting.clone(),
        labelling: labelling.clone(),
        proxy,
    }
}
