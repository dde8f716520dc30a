//! Where the server answers and what it works with.

use super::TEXT;
use crate::config::setting::{Group, Kind, Setting};

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
    variables: &["PUBLIC_URL", "BASE_URL"],
    placeholder: "URL",
    otherwise: "http:// with the address listened on",
    help: "The origin under which others reach this server, without a path.",
    ..TEXT
};

pub(crate) const BASE_PATH: Setting = Setting {
    key: "base_path",
    flag: "base-path",
    variables: &["BASE_PATH"],
    placeholder: "PATH",
    otherwise: "everything at the root",
    help: "Path in front of every other but /health and /ready, such as /view: no slash at its end.",
    ..TEXT
};

pub(crate) const TRUSTED_PROXIES: Setting = Setting {
    key: "trusted_proxies",
    flag: "trusted-proxies",
    variables: &["TRUSTED_PROXIES"],
    placeholder: "NETWORK,…",
    otherwise: "loopback and private addresses",
    help: "Reverse proxies whose X-Forwarded-For counts: addresses and networks, or none.",
    ..TEXT
};

pub(crate) const SCRIPTS_DIR: Setting = Setting {
    key: "scripts_dir",
    flag: "scripts-dir",
    variables: &["SCRIPTS_DIR"],
    placeholder: "DIR",
    otherwise: "none",
    help: "Folder of Lua scripts, each called like its trigger with . in place of :; edits take effect within seconds.",
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
