//! Steady traffic of record operations.

use super::Network;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::time::Duration;
use tokio::time::sleep;

/// Traffic to be made by all active accounts.
#[derive(Clone, Debug, Serialize)]
pub struct Load {
    /// Record operations a second; a PDS manages about 50 commits a second.
    pub rate: u32,
    /// How long; 0 until stopped.
    pub seconds: u32,
    /// The shares of each kind of operation.
    pub mix: LoadCounts,
    /// The collection written to.
    pub collection: String,
    /// Operations in one commit.
    pub batch: u32,
}

impl Default for Load {
    fn default() -> Self {
        Self {
            rate: 20,
            seconds: 0,
            mix: LoadCounts { create: 70, update: 15, delete: 15 },
            collection: "com.example.demo.note".into(),
            batch: 1,
        }
    }
}

/// Operations by kind.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct LoadCounts {
    /// New records.
    pub create: u32,
    /// Records written again.
    pub update: u32,
    /// Records deleted.
    pub delete: u32,
}

/// How far traffic has come.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LoadStatus {
    /// Names it; for [`Network::load_status`] and [`Network::stop_load`].
    pub id: String,
    /// Whether it goes on.
    pub running: bool,
    /// Operations committed.
    pub done: u32,
    /// Operations a PDS refused.
    pub errors: u32,
    /// What the last of them was refused with.
    pub last_error: Option<String>,
    /// Operations committed, by kind.
    pub counts: LoadCounts,
}

impl Network {
    /// Starts traffic and returns at once.
    pub async fn start_load(&self, load: &Load) -> LoadStatus {
        self.tell("/load", &json!(load)).await
    }

    /// How far traffic has come.
    pub async fn load_status(&self, id: &str) -> LoadStatus {
        self.ask(&format!("/load/{id}")).await
    }

    /// Ends traffic; returns when its last operation is done.
    pub async fn stop_load(&self, id: &str) -> LoadStatus {
        self.cancel(&format!("/load/{id}")).await
    }

    /// Makes traffic for as long as [`Load::seconds`] says and returns when it is over.
    pub async fn run_load(&self, load: &Load) -> LoadStatus {
        assert_ne!(load.seconds, 0, "traffic without an end cannot be waited for");
        let mut status = self.start_load(load).await;
        while status.running {
            sleep(Duration::from_millis(100)).await;
            status = self.load_status(&status.id).await;
        }
        status
    }
}
