//! Puts the appview together.

use std::path::PathBuf;
use std::sync::Arc;

use accounts::{Accounts, Vault};
use events::EventLog;
use identity::Resolver;
use outbound::Outbound;
use readthrough::ReadThrough;
use records::{IngestHook, Records, Wanted};
use scripts::Folder;
use server::{App, Mount, Task};
use store::Store;

use crate::admin::{self, Admin, Streams};
use crate::network::{Asking, LexiconHook, keep_in_step};
use crate::prices::Prices;
use crate::proxy::Proxy;
use crate::public::{self, PublicConfig};
use crate::scripting::{Retries, Scripting, Trials};
use crate::xrpc::{self, Xrpc};
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
    /// The name of this process among others.
    pub instance: String,
    /// What `GET /config` says.
    pub config: PublicConfig,
}

/// The appview, its lexicons loaded.
pub struct Appview {
    parts: AppviewParts,
    catalogue: Catalogue,
    scripting: Scripting,
    folder: Option<Folder>,
}

impl Appview {
    /// Loads the lexicons and asks for their collections.
    pub async fn open(parts: AppviewParts) -> Result<Self, Error> {
        telemetry::describe();
        let lexicons = Lexicons::open(&parts.store).recorded_in(parts.events.clone());
        let catalogue = Catalogue::load(lexicons, parts.wanted.clone()).await?;
        parts.accounts.clients.use_permission_sets(Arc::new(catalogue.clone()));
        let scripting = Scripting::open(&parts, &catalogue).await?;
        Ok(Self { parts, catalogue, scripting, folder: None })
    }

    /// Puts the scripts of a folder into effect; the app follows them.
    pub async fn watch(&mut self, dir: PathBuf) -> Result<(), Error> {
        self.folder = Some(self.scripting.folder(dir).await?);
        Ok(())
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

    /// The lexicons in memory.
    #[must_use]
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// What keeps network lexicons in step with the stream, and what runs scripts over records; to be given to the ingest.
    #[must_use]
    pub fn ingest_hooks(&self) -> Vec<Arc<dyn IngestHook>> {
        let lexicons = LexiconHook::new(self.catalogue.clone(), self.parts.history.clone());
        vec![Arc::new(lexicons), Arc::new(self.scripting.record_hook())]
    }

    /// What the shell mounts: `/xrpc`, `/config`, an extension of `/admin`, and the tasks that keep the lexicons up to date.
    #[must_use]
    pub fn app(self) -> App {
        let Self { parts, catalogue, scripting, folder } = self;
        let publishers = LexiconResolver::new(parts.resolver.clone(), parts.outbound.clone());
        let proxy = Proxy {
            settings: parts.accounts.settings.clone(),
            domains: parts.accounts.domains.clone(),
            resolver: parts.resolver.clone(),
            outbound: parts.outbound.clone(),
        };
        let xrpc = Arc::new(Xrpc {
            accounts: parts.accounts.clone(),
            catalogue: catalogue.clone(),
            records: parts.records.clone(),
            profiles: parts.readthrough.memory(),
            readthrough: parts.readthrough,
            resolver: parts.resolver.clone(),
            outbound: parts.outbound,
            events: parts.events,
            scripting: scripting.clone(),
            proxy,
        });
        let prices = Prices {
            limits: parts.accounts.limits,
            settings: parts.accounts.settings.clone(),
            catalogue: catalogue.clone(),
        };
        let streams = Streams::new();
        let parked = scripting.parked.clone();
        let admin = Admin {
            catalogue: catalogue.clone(),
            records: parts.records,
            resolver: parts.resolver,
            publishers: publishers.clone(),
            history: parts.history.clone(),
            streams: streams.clone(),
            scripting: scripting.clone(),
        };
        let follow = Task::new("follow-lexicons", {
            let catalogue = catalogue.clone();
            move |stop| catalogue.follow(stop)
        });
        let asking = Asking { catalogue, resolver: publishers, history: parts.history };
        let refetch = Task::new("refresh-network-lexicons", move |stop| keep_in_step(asking, stop));
        let scripts = Task::new("follow-scripts", move |stop| scripting.library.follow(stop));
        let retries = Task::new("retry-scripts", move |stop| parked.run(stop));
        let close = Task::new("close-streams", move |stop| streams.close_on(stop));
        let files = folder.map(|folder| Task::new("follow-scripts-folder", move |stop| folder.follow(stop)));
        App {
            mounts: vec![
                Mount { throttle: Some(Arc::new(prices)), ..xrpc::mount(&xrpc) },
                public::mount(parts.config, parts.store.state.engine(), parts.accounts.settings),
            ],
            extensions: vec![admin::extension(&admin)],
            tasks: [follow, refetch, close, scripts, retries].into_iter().chain(files).collect(),
            ..App::new("appview")
        }
    }
}
