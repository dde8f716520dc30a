//! The settings as values that the rest of the program works with.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use accounts::{AttestationConfig, VaultConfig};
use outbound::NamedHost;
use records::Upstream;
use remote::Mode;
use server::TrustedProxies;
use store::StoreConfig;
use url::Url;

use super::error::Error;
use super::read;
use super::values::Values;
use super::{AppName, Federation, LogFormat, Registry, Relay, Secret, Social, table};

/// Everything that can be configured, checked. The fields are described in the table.
#[expect(clippy::struct_excessive_bools, reason = "each is a setting of its own")]
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) data_dir: PathBuf,
    pub(crate) database: StoreConfig,
    pub(crate) dev: bool,
    pub(crate) plc_url: Url,
    /// At least one.
    pub(crate) jetstream_urls: Vec<Url>,
    pub(crate) firehose_urls: Vec<Url>,
    pub(crate) jetstream_compress: bool,
    pub(crate) relay_url: Url,
    pub(crate) dns_server: Option<SocketAddr>,
    pub(crate) user_agent: String,
    pub(crate) apps: Vec<AppName>,
    pub(crate) host: IpAddr,
    pub(crate) port: u16,
    pub(crate) public_url: Option<Url>,
    /// Empty where everything is at the root.
    pub(crate) base_path: String,
    pub(crate) trusted_proxies: TrustedProxies,
    pub(crate) master_secret: Option<Secret>,
    pub(crate) token_encryption_key: Option<Secret>,
    pub(crate) attestation: AttestationConfig,
    pub(crate) script_http_hosts: Vec<NamedHost>,
    pub(crate) rate_limit_capacity: u32,
    pub(crate) rate_limit_refill: f64,
    /// 0 is for ever.
    pub(crate) event_retention_days: u32,
    pub(crate) backfill_mode: Mode,
    pub(crate) backfill_verified: bool,
    pub(crate) backfill_repair_gaps: bool,
    /// For one answer of a host.
    pub(crate) backfill_timeout: Duration,
    /// Whether an archive is looked for.
    pub(crate) jetstream_archive: bool,
    /// Background jobs at the same time.
    pub(crate) job_concurrency: u32,
    /// 0 is for ever.
    pub(crate) job_retention_days: u32,
    /// 1 outside of tests.
    pub(crate) time_scale: u32,
    /// Watched for scripts.
    pub(crate) scripts_dir: Option<PathBuf>,
    pub(crate) metrics_host: IpAddr,
    pub(crate) metrics_port: u16,
    pub(crate) cache_url: Option<String>,
    /// For attachments of the relay.
    pub(crate) bucket: Option<blobs::Location>,
    pub(crate) relay: Relay,
    pub(crate) registry: Registry,
    pub(crate) social: Social,
    /// How the microblog speaks with other servers.
    pub(crate) federation: Federation,
    pub(crate) log: Option<String>,
    pub(crate) log_format: LogFormat,
    /// Where spans are sent.
    pub(crate) otlp_endpoint: Option<Url>,
    /// Variables that hold while an operator has not set something else in the running server.
    pub(crate) environment: HashMap<String, String>,
    /// The names of the variables in `.env`.
    pub(crate) in_dotenv: Vec<String>,
}

impl Settings {
    /// The Jetstream server that is preferred.
    pub(crate) fn jetstream(&self) -> &Url {
        &self.jetstream_urls[0]
    }

    /// Where records arrive from, in the order in which they are tried. Whoever wants commits verified is not served by anybody who does
    /// not send them.
    pub(crate) fn upstreams(&self) -> Vec<Upstream> {
        if self.firehose_urls.is_empty() {
            self.jetstream_urls.iter().cloned().map(Upstream::Jetstream).collect()
        } else {
            self.firehose_urls.iter().cloned().map(Upstream::Firehose).collect()
        }
    }

    /// Whether history may come out of the archive of a Jetstream server. Its word is not taken where that of its stream is not.
    pub(crate) fn takes_archive(&self) -> bool {
        self.jetstream_archive && self.firehose_urls.is_empty()
    }

    /// Where the master secret comes from.
    pub(crate) fn vault(&self) -> VaultConfig<'_> {
        VaultConfig {
            data_dir: &self.data_dir,
            master_secret: self.master_secret.as_ref().map(Secret::expose),
            token_encryption_key: self.token_encryption_key.as_ref().map(Secret::expose),
        }
    }

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
            jetstream_urls: values.value(&table::JETSTREAM_URL, read::websocket_urls)?,
            firehose_urls: values.optional(&table::FIREHOSE_URL, read::websocket_urls)?.unwrap_or_default(),
            jetstream_compress: values.value(&table::JETSTREAM_COMPRESS, read::switch)?,
            relay_url: values.value(&table::RELAY_URL, read::web_url)?,
            dns_server: values.optional(&table::DNS_SERVER, read::dns_server)?,
            user_agent: values.value(&table::USER_AGENT, read::header)?,
            apps: values.value(&table::APPS, AppName::list)?,
            host: values.value(&table::HOST, read::address)?,
            port: values.value(&table::PORT, read::port)?,
            public_url: values.optional(&table::PUBLIC_URL, read::origin)?,
            base_path: values.optional(&table::BASE_PATH, read::base_path)?.unwrap_or_default(),
            trusted_proxies: values
                .optional(&table::TRUSTED_PROXIES, read::trusted_proxies)?
                .unwrap_or_default(),
            master_secret: values.optional(&table::MASTER_SECRET, read::master_secret)?,
            token_encryption_key: values
                .optional(&table::TOKEN_ENCRYPTION_KEY, read::token_encryption_key)?,
            attestation: AttestationConfig {
                private_key: values.optional(&table::ATTESTATION_PRIVATE_KEY, read::attestation_key)?,
                key_id: values.optional(&table::ATTESTATION_KEY_ID, read::key_id)?,
                sig_type: values.optional(&table::ATTESTATION_SIG_TYPE, read::nsid)?,
            },
            script_http_hosts: values.optional(&table::SCRIPT_HTTP_HOSTS, read::hosts)?.unwrap_or_default(),
            rate_limit_capacity: values.value(&table::DEFAULT_RATE_LIMIT_CAPACITY, read::tokens)?,
            rate_limit_refill: values
                .value(&table::DEFAULT_RATE_LIMIT_REFILL_RATE, read::tokens_per_second)?,
            event_retention_days: values.value(&table::EVENT_LOG_RETENTION_DAYS, read::days)?,
            backfill_mode: values.value(&table::BACKFILL_MODE, read::mode)?,
            backfill_verified: values.value(&table::BACKFILL_VERIFIED, read::switch)?,
            backfill_repair_gaps: values.value(&table::BACKFILL_REPAIR_GAPS, read::switch)?,
            backfill_timeout: values.value(&table::BACKFILL_TIMEOUT_SECONDS, read::seconds)?,
            jetstream_archive: values.value(&table::JETSTREAM_ARCHIVE, read::auto_or_off)?,
            job_concurrency: values.value(&table::JOB_WORKER_CONCURRENCY, read::job_concurrency)?,
            job_retention_days: values.value(&table::JOB_RETENTION_DAYS, read::days)?,
            time_scale: values.value(&table::TIME_SCALE, read::time_scale)?,
            scripts_dir: values.optional(&table::SCRIPTS_DIR, read::folder)?,
            metrics_host: values.value(&table::METRICS_HOST, read::address)?,
            metrics_port: values.value(&table::METRICS_PORT, read::port)?,
            cache_url: values.optional(&table::CACHE_URL, read::cache)?,
            bucket: values.optional(&table::S3_URL, read::bucket)?,
            relay: Relay::new(values)?,
            registry: Registry::new(values)?,
            social: Social::new(values)?,
            federation: Federation::new(values)?,
            log: values.optional(&table::LOG, read::log_filter)?,
            log_format: values.value(&table::LOG_FORMAT, LogFormat::read)?,
            otlp_endpoint: values.optional(&table::OTLP_ENDPOINT, read::web_url)?,
            environment: values.environment().clone(),
            in_dotenv: values.in_dotenv().to_owned(),
        })
    }
}
