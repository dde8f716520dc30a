//! What the checks look at, as far as it could be opened.

use http::header::DATE;
use outbound::{Outbound, Response};
use store::{Location, Store};
use time::OffsetDateTime;
use tokio::sync::OnceCell;
use url::Url;

use crate::config::{Settings, Values};
use crate::{databases, network};

/// A configuration, the databases and the way to the network.
pub(super) struct Patient {
    pub(super) settings: Settings,
    pub(super) values: Values,
    /// The reason in words, if the way out cannot be prepared.
    pub(super) outbound: Result<Outbound, String>,
    pub(super) store: Opened,
    /// Asked once, for two checks.
    plc: OnceCell<Result<PlcAnswer, String>>,
}

/// The databases.
pub(super) enum Opened {
    /// Open.
    Open(Store),
    /// No server has been here yet. A doctor does not make what it looks for.
    Missing,
    /// Why not.
    Failed(String),
}

/// What the directory said about itself.
#[derive(Clone, Debug)]
pub(super) struct PlcAnswer {
    /// The HTTP status.
    pub(super) status: u16,
    /// Its clock, if it said.
    pub(super) date: Option<String>,
    /// Ours, when the answer came.
    pub(super) at: OffsetDateTime,
}

impl Patient {
    pub(super) async fn new(settings: Settings, values: Values) -> Self {
        let outbound = network::outbound(&settings).map_err(|error| format!("{error:#}"));
        let store = Opened::open(&settings).await;
        Self { settings, values, outbound, store, plc: OnceCell::new() }
    }

    /// Asks the directory for its health.
    pub(super) async fn plc(&self) -> &Result<PlcAnswer, String> {
        self.plc.get_or_init(|| self.ask_plc()).await
    }

    async fn ask_plc(&self) -> Result<PlcAnswer, String> {
        let response = self.get(&self.settings.plc_url, "/_health").await?;
        let date = response.headers.get(DATE).and_then(|date| date.to_str().ok()).map(str::to_owned);
        Ok(PlcAnswer { status: response.status.as_u16(), date, at: OffsetDateTime::now_utc() })
    }

    /// Whatever a server answers to a path.
    pub(super) async fn get(&self, base: &Url, path: &str) -> Result<Response, String> {
        let url = base.join(path).map_err(|error| error.to_string())?;
        self.outbound.clone()?.get(&url).send().await.map_err(|error| error.to_string())
    }
}

impl Opened {
    async fn open(settings: &Settings) -> Self {
        if let Location::Sqlite(dir) = &settings.database.location
            && !databases::exist(dir)
        {
            return Self::Missing;
        }
        match databases::open_or_create(settings).await {
            Ok(store) => Self::Open(store),
            Err(error) => Self::Failed(format!("{error:#}")),
        }
    }
}
