//! How much scripts keep.

use store::{Location, Store, TableSize};

use crate::{Error, ScriptDbConfig, postgres, sqlite};

/// The scripts' tables and the server's table of remembered effects, with rows and bytes. None if scripts have no database yet.
/// Reads all of it, so it is for people, not for requests.
pub async fn sizes(store: &Store, config: &ScriptDbConfig) -> Result<Option<Vec<TableSize>>, Error> {
    match &config.location {
        Location::Sqlite(folder) => sqlite::sizes(folder, config),
        Location::Postgres(_) => {
            let sizes = store.state.snapshot(postgres::export::sizes).await;
            sizes.map_err(|error| Error::Unavailable(error.to_string()))
        }
    }
}
