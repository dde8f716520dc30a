//! Servers of the sync app that share a database.

use std::sync::Arc;

use tempfile::TempDir;
use testkit::{Belvedere, BelvedereOptions, TestDatabase};

/// What a server keeps while it does not run.
pub(super) struct Relay {
    pub(super) options: BelvedereOptions,
    _database: Arc<TestDatabase>,
    /// `None` where the databases are in the data folder.
    _data_dir: Option<TempDir>,
}

impl Relay {
    /// A new one, which is at the same place whenever it runs, with more settings, by their variables.
    pub(super) fn new(database: &Arc<TestDatabase>, settings: &[(&str, &str)]) -> Self {
        let (options, data_dir) = match database.dir() {
            Some(dir) => (BelvedereOptions::new(dir), None),
            None => {
                let dir = tempfile::tempdir().unwrap();
                (BelvedereOptions::new(dir.path()).with("DATABASE_URL", &database.url()), Some(dir))
            }
        };
        let options =
            options.with("APPS", "sync").with("MASTER_SECRET", "the master secret of the sync tests");
        let options = settings.iter().fold(options, |options, (name, value)| options.with(name, value));
        Self { options: options.at_a_port(), _database: Arc::clone(database), _data_dir: data_dir }
    }

    pub(super) async fn start(&self) -> Belvedere {
        Belvedere::start(&self.options).await
    }
}
