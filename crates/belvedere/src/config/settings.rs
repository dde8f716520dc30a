//! The settings as values that the rest of the program works with.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use store::StoreConfig;
use url::Url;

use super::error::Error;
use super::read;
use super::values::Values;
use super::{AppName, LogFormat, table};

/// Everything that can be configured, checked. The fields are described in the table.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) data_dir: PathBuf,
    pub(crate) database: StoreConfig,
    pub(crate) dev: bool,
    pub(crate) plc_url: Url,
    pub(crate) jetstream_url: Url,
    pub(crate) jetstream_compress: bool,
    pub(crate) relay_url: Url,
    pub(crate) dns_server: Option<SocketAddr>,
    pub(crate) user_agent: String,
    pub(crate) apps: Vec<AppName>,
    pub(crate) host: IpAddr,
    pub(crate) port: u16,
    pub(crate) public_url: Option<Url>,
    pub(crate) metrics_host: IpAddr,
    pub(crate) metrics_port: u16,
    pub(crate) cache_url: Option<String>,
    pub(crate) log: Option<String>,
    pub(crate) log_format: LogFormat,
}

impl Settings {
    /// What counts when nobody configures anything but the data folder.
    pub(crate) fn defaults(data_dir: &Path) -> Result<Self, Error> {
        Ok(Self {
            data_dir: data_dir.to_owned(),
            database: StoreConfig::sqlite(data_dir),
            ..Self::new(&Values::defaults())?
        })
    }

    /// Reads every text; the first that is not what its setting takes is the error.
    pub(crate) fn new(values: &Values) -> Result<Self, Error> {
        let data_dir = PathBuf::from(values.get(&table::DATA_DIR).text);
        let mut database = values
            .optional(&table::DATABASE_URL, read::database)?
            .unwrap_or_else(|| StoreConfig::sqlite(&data_dir));
        if let Some(connections) = values.optional(&table::DATABASE_MAX_CONNECTIONS, read::connections)? {
            database.max_connections = connections;
        }
        Ok(Self {
            data_dir,
            database,
            dev: values.value(&table::DEV, read::switch)?,
            plc_url: values.value(&table::PLC_URL, read::web_url)?,
            jetstream_url: values.value(&table::JETSTREAM_URL, read::websocket_url)?,
            jetstream_compress: values.value(&table::JETSTREAM_COMPRESS, read::switch)?,
            relay_url: values.value(&table::RELAY_URL, read::web_url)?,
            dns_server: values.optional(&table::DNS_SERVER, read::dns_server)?,
            user_agent: values.value(&table::USER_AGENT, read::header)?,
            apps: values.value(&table::APPS, AppName::list)?,
            host: values.value(&table::HOST, read::address)?,
            port: values.value(&table::PORT, read::port)?,
            public_url: values.optional(&table::PUBLIC_URL, read::origin)?,
            metrics_host: values.value(&table::METRICS_HOST, read::address)?,
            metrics_port: values.value(&table::METRICS_PORT, read::port)?,
            cache_url: values.optional(&table::CACHE_URL, read::cache)?,
            log: values.optional(&table::LOG, read::log_filter)?,
            log_format: values.value(&table::LOG_FORMAT, LogFormat::read)?,
        })
    }
}
