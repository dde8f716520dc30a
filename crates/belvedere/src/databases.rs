//! Opens the databases with the tables of every app, whichever of them run.

use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use records::Projection;
use scriptdb::ScriptDbConfig;
use store::{Location, Schema, Store, StoreConfig};

use crate::config::Settings;
use crate::failure::Failure;

/// A command asks one thing at a time.
const CONNECTIONS_OF_A_COMMAND: usize = 1;

/// The tables of every app.
pub(crate) fn schemas() -> Vec<&'static Schema> {
    [appview::schemas(), vec![&sync::SCHEMA, &social::SCHEMA], registry::schemas()].concat()
}

/// The tables that follow from records, of every app: whoever writes records keeps all of them in step.
pub(crate) fn projections() -> Vec<Arc<dyn Projection>> {
    vec![registry::projection(), find::index::projection()]
}

/// Where scripts have theirs.
pub(crate) fn of_scripts(settings: &Settings) -> ScriptDbConfig {
    appview::scripts_database(settings.database.location.clone())
}

/// Opens the databases, making and migrating them where needed.
pub(crate) async fn open(config: &StoreConfig) -> Result<Store, store::Error> {
    Store::open(config, &schemas()).await
}

/// Opens the databases for a command that brings the first thing into them. A server may be running beside it.
pub(crate) async fn open_or_create(settings: &Settings) -> Result<Store> {
    let config = StoreConfig { max_connections: CONNECTIONS_OF_A_COMMAND, ..settings.database.clone() };
    Ok(open(&config).await?)
}

/// Opens the databases for a command that looks at what is there. It makes no SQLite files: an empty answer from the
/// wrong folder would mislead.
pub(crate) async fn open_existing(settings: &Settings) -> Result<Store> {
    match &settings.database.location {
        Location::Sqlite(dir) if !exist(dir) => Err(Failure::new(
            format!("there is no database in {}", dir.display()),
            "name the folder of the server with --data-dir DIR; `belvedere serve` makes a new one",
        )
        .into()),
        _ => open_or_create(settings).await,
    }
}

/// Whether SQLite files of ours are in the folder.
pub(crate) fn exist(dir: &Path) -> bool {
    store::Tier::ALL.iter().any(|tier| dir.join(format!("{}.db", tier.name())).exists())
}
