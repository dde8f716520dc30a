//! Every setting there is. Flags, variables, file keys, help texts and the reference are made from this table.

use super::setting::{Group, Kind, Setting};

/// A setting without surprises; each entry says what differs.
const TEXT: Setting = Setting {
    key: "",
    flag: "",
    variables: &[],
    placeholder: "",
    kind: Kind::Text,
    default: "",
    otherwise: "",
    group: Group::Server,
    help: "",
};

pub(crate) const DATA_DIR: Setting = Setting {
    key: "data_dir",
    flag: "data-dir",
    variables: &["DATA_DIR"],
    placeholder: "DIR",
    default: "data",
    group: Group::Data,
    help: "Folder for the SQLite databases, the lock and the instance id; made if it is missing.",
    ..TEXT
};

pub(crate) const CONFIG: Setting = Setting {
    key: "config",
    flag: "config",
    // The plain name is too common to be looked at.
    variables: &["BELVEDERE_CONFIG"],
    placeholder: "FILE",
    otherwise: "belvedere.toml in the data folder, if it is there",
    group: Group::Data,
    help: "Configuration file (TOML).",
    ..TEXT
};

pub(crate) const DATABASE_URL: Setting = Setting {
    key: "database_url",
    flag: "database-url",
    variables: &["DATABASE_URL"],
    placeholder: "URL",
    kind: Kind::SecretUrl,
    otherwise: "SQLite files in the data folder",
    group: Group::Data,
    help: "Where the databases are: sqlite://FOLDER or postgres://USER:PASSWORD@HOST/DATABASE.",
    ..TEXT
};

pub(crate) const DATABASE_MAX_CONNECTIONS: Setting = Setting {
    key: "database_max_connections",
    flag: "database-max-connections",
    variables: &["DATABASE_MAX_CONNECTIONS"],
    placeholder: "N",
    otherwise: "4 with SQLite, 16 with PostgreSQL",
    group: Group::Server,
    help: "SQLite: reading threads per database. PostgreSQL: connections for requests per schema.",
    ..TEXT
};

pub(crate) const DEV: Setting = Setting {
    key: "dev",
    flag: "dev",
    // The plain name is too common, and this one opens the network guard.
    variables: &["BELVEDERE_DEV"],
    kind: Kind::Switch,
    default: "false",
    group: Group::Network,
    help: "For development: allow plain HTTP and peers on this machine.",
    ..TEXT
};

pub(crate) const PLC_URL: Setting = Setting {
    key: "plc_url",
    flag: "plc-url",
    variables: &["PLC_URL"],
    placeholder: "URL",
    default: "https://plc.directory",
    group: Group::Network,
    help: "The directory that knows did:plc identities.",
    ..TEXT
};

pub(crate) const JETSTREAM_URL: Setting = Setting {
    key: "jetstream_url",
    flag: "jetstream-url",
    variables: &["JETSTREAM_URL"],
    placeholder: "URL",
    default: "wss://jetstream1.us-east.bsky.network",
    group: Group::Network,
    help: "The Jetstream server that records arrive from.",
    ..TEXT
};

pub(crate) const JETSTREAM_COMPRESS: Setting = Setting {
    key: "jetstream_compress",
    flag: "jetstream-compress",
    variables: &["JETSTREAM_COMPRESS"],
    kind: Kind::Switch,
    default: "true",
    group: Group::Network,
    help: "Ask the Jetstream server for compressed events (zstd): about half the traffic.",
    ..TEXT
};

pub(crate) const RELAY_URL: Setting = Setting {
    key: "relay_url",
    flag: "relay-url",
    variables: &["RELAY_URL"],
    placeholder: "URL",
    default: "https://bsky.network",
    group: Group::Network,
    help: "The relay that knows which repositories exist.",
    ..TEXT
};

pub(crate) const DNS_SERVER: Setting = Setting {
    key: "dns_server",
    flag: "dns-server",
    variables: &["DNS_SERVER"],
    placeholder: "ADDRESS",
    otherwise: "the system's",
    group: Group::Network,
    help: "DNS server for every look-up: IP or IP:PORT.",
    ..TEXT
};

pub(crate) const USER_AGENT: Setting = Setting {
    key: "user_agent",
    flag: "user-agent",
    variables: &["USER_AGENT", "HAPPYVIEW_USER_AGENT"],
    placeholder: "TEXT",
    default: concat!("belvedere/", env!("CARGO_PKG_VERSION")),
    otherwise: "belvedere/VERSION",
    group: Group::Network,
    help: "What outgoing requests call themselves; name a way to reach you.",
    ..TEXT
};

pub(crate) const APPS: Setting = Setting {
    key: "apps",
    flag: "apps",
    variables: &["APPS"],
    placeholder: "APP,…",
    default: "appview",
    help: "Which apps to serve, separated by commas.",
    ..TEXT
};

pub(crate) const HOST: Setting = Setting {
    key: "host",
    flag: "host",
    variables: &["HOST"],
    placeholder: "ADDRESS",
    default: "127.0.0.1",
    help: "Address to listen on; 0.0.0.0 or :: for every interface.",
    ..TEXT
};

pub(crate) const PORT: Setting = Setting {
    key: "port",
    flag: "port",
    variables: &["PORT"],
    placeholder: "PORT",
    default: "3000",
    help: "Port to listen on; 0 takes a free one.",
    ..TEXT
};

pub(crate) const PUBLIC_URL: Setting = Setting {
    key: "public_url",
    flag: "public-url",
    variables: &["PUBLIC_URL"],
    placeholder: "URL",
    otherwise: "http:// with the address listened on",
    help: "The origin under which others reach this server, without a path.",
    ..TEXT
};

pub(crate) const METRICS_HOST: Setting = Setting {
    key: "metrics_host",
    flag: "metrics-host",
    variables: &["METRICS_HOST"],
    placeholder: "ADDRESS",
    default: "127.0.0.1",
    help: "Address that Prometheus metrics are served on.",
    ..TEXT
};

pub(crate) const METRICS_PORT: Setting = Setting {
    key: "metrics_port",
    flag: "metrics-port",
    variables: &["METRICS_PORT"],
    placeholder: "PORT",
    default: "0",
    help: "Port that Prometheus metrics are served on; 0 takes a free one, the ready line says which.",
    ..TEXT
};

pub(crate) const CACHE_URL: Setting = Setting {
    key: "cache_url",
    flag: "cache-url",
    variables: &["CACHE_URL"],
    placeholder: "URL",
    kind: Kind::SecretUrl,
    otherwise: "memory of the process",
    help: "Valkey or Redis server that instances share: redis://HOST:PORT/DATABASE.",
    ..TEXT
};

pub(crate) const LOG: Setting = Setting {
    key: "log",
    flag: "log",
    variables: &["RUST_LOG"],
    placeholder: "FILTER",
    otherwise: "info for serve, warn for other commands",
    group: Group::Logs,
    help: "What to log, e.g. info or info,records=debug.",
    ..TEXT
};

pub(crate) const LOG_FORMAT: Setting = Setting {
    key: "log_format",
    flag: "log-format",
    variables: &["LOG_FORMAT"],
    placeholder: "FORMAT",
    kind: Kind::Choice(&["text", "json"]),
    default: "text",
    group: Group::Logs,
    help: "How log lines look.",
    ..TEXT
};

/// The whole table, in the order of the reference.
pub(crate) const ALL: [&Setting; 20] = [
    &DATA_DIR,
    &CONFIG,
    &DATABASE_URL,
    &DATABASE_MAX_CONNECTIONS,
    &DEV,
    &PLC_URL,
    &JETSTREAM_URL,
    &JETSTREAM_COMPRESS,
    &RELAY_URL,
    &DNS_SERVER,
    &USER_AGENT,
    &APPS,
    &HOST,
    &PORT,
    &PUBLIC_URL,
    &METRICS_HOST,
    &METRICS_PORT,
    &CACHE_URL,
    &LOG,
    &LOG_FORMAT,
];
