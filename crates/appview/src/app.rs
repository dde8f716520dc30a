//! Puts the appview together.

use std::sync::Arc;

use identity::Resolver;
use outbound::Outbound;
use records::{IngestHook, Records, Wanted};
use server::{App, Task};
use store::Store;

use crate::admin::{self, Admin};
use crate::network::{LexiconHook, keep_in_step};
use crate::public::{self, PublicConfig};
use crate::xrpc::{self, Xrpc};
use crate::{Catalogue, Error, LexiconResolver, Lexicons, telemetry};

/// What the appview is built on.
pub struct AppviewParts {
    /// Opened with this crate's and the record index's schemas.
    pub store: Store,
    /// The record index.
    pub records: Records,
    /// Where the lexicons' collections are asked for.
    pub wanted: Wanted,
    /// Who is who.
    pub resolver: Resolver,
    /// The way to publishers of lexicons.
    pub outbound: Outbound,
    /// What `GET /config` says.
    pub config: PublicConfig,
}

/// The appview, its lexicons loaded.
pub struct Appview {
    parts: AppviewParts,
    catalogue: Catalogue,
}

impl Appview {
    /// Loads the lexicons and asks for their collections.
    pub async fn open(parts: AppviewParts) -> Result<Self, Error> {
        telemetry::describe();
        let catalogue = Catalogue::load(Lexicons::open(&parts.store), parts.wanted.clone()).await?;
        Ok(Self { parts, catalogue })
    }

    /// The lexicons in memory.
    #[must_use]
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// Keeps network lexicons in step with the stream; to be given to the ingest.
    #[must_use]
    pub fn ingest_hook(&self) -> Arc<dyn IngestHook> {
        Arc::new(LexiconHook::new(self.catalogue.clone()))
    }

    /// What the shell mounts: `/xrpc`, `/admin`, `/config` and the tasks that keep the lexicons up to date.
    #[must_use]
    pub fn app(self) -> App {
        let Self { parts, catalogue } = self;
        let publishers = LexiconResolver::new(parts.resolver.clone(), parts.outbound);
        let xrpc = Xrpc {
            catalogue: catalogue.clone(),
            records: parts.records.clone(),
            resolver: parts.resolver.clone(),
        };
        let admin = Admin {
            catalogue: catalogue.clone(),
            records: parts.records,
            resolver: parts.resolver,
            publishers: publishers.clone(),
        };
        let follow = Task::new("follow-lexicons", {
            let catalogue = catalogue.clone();
            move |stop| catalogue.follow(stop)
        });
        let refetch =
            Task::new("refresh-network-lexicons", move |stop| keep_in_step(catalogue, publishers, stop));
        App {
            name: "appview",
            mounts: vec![
                xrpc::mount(&xrpc),
                admin::mount(&admin),
                public::mount(&parts.config, parts.store.state.engine()),
            ],
            tasks: vec![follow, refetch],
        }
    }
}
