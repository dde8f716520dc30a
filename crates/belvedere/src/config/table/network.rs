//! How to reach the network.

use super::TEXT;
use crate::config::setting::{Group, Kind, Setting};

pub(crate) const DEV: Setting = Setting {
    key: "dev",
    flag: "dev",
    // The plain name is too common, and this one opens the network guard.
    variables: &["BELVEDERE_DEV", "AP_ALLOW_PRIVATE_ADDRESSES"],
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
    help: "The Jetstream servers that records arrive from: the first while it can be reached, then the next (a,b).",
    ..TEXT
};

pub(crate) const FIREHOSE_URL: Setting = Setting {
    key: "firehose_url",
    flag: "firehose-url",
    variables: &["FIREHOSE_URL"],
    placeholder: "URL",
    otherwise: "records arrive from Jetstream",
    group: Group::Network,
    help: "Relays or hosts (wss://bsky.network) whose commits are verified, instead of a Jetstream server that is believed (a,b).",
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

pub(crate) const SCRIPT_HTTP_HOSTS: Setting = Setting {
    key: "script_http_hosts",
    flag: "script-http-hosts",
    variables: &["SCRIPT_HTTP_HOSTS"],
    placeholder: "HOST,…",
    otherwise: "none: public addresses only",
    group: Group::Network,
    help: "Hosts in private networks that scripts may send requests to: HOST or HOST:PORT, separated by commas.",
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
