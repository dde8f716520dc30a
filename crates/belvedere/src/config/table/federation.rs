//! How the microblog speaks with other servers (spec/social.md §8).

use super::TEXT;
use crate::config::setting::{Kind, Setting};

pub(crate) const AP_AUTHORIZED_FETCH: Setting = Setting {
    key: "ap_authorized_fetch",
    flag: "ap-authorized-fetch",
    variables: &["AP_AUTHORIZED_FETCH"],
    kind: Kind::Switch,
    default: "false",
    help: "Whether people and thoughts are shown only to servers of the fediverse that sign their requests.",
    ..TEXT
};

pub(crate) const AP_HIDE_COLLECTIONS: Setting = Setting {
    key: "ap_hide_collections",
    flag: "ap-hide-collections",
    variables: &["AP_HIDE_COLLECTIONS"],
    kind: Kind::Switch,
    default: "false",
    help: "Whether other servers are told only how many follow somebody, and not who.",
    ..TEXT
};

pub(crate) const AP_ONLY_ALLOWED: Setting = Setting {
    key: "ap_only_allowed",
    flag: "ap-only-allowed",
    variables: &["AP_ONLY_ALLOWED"],
    kind: Kind::Switch,
    default: "false",
    help: "Whether only servers with the rule `allow` are spoken with: nothing is taken from others, sent to them or fetched there.",
    ..TEXT
};

pub(crate) const AP_TELL_OF_BLOCKS: Setting = Setting {
    key: "ap_tell_of_blocks",
    flag: "ap-tell-of-blocks",
    variables: &["AP_TELL_OF_BLOCKS"],
    kind: Kind::Switch,
    default: "true",
    help: "Whether the server of somebody who is blocked is told so, which is how it stops showing them what they may not see.",
    ..TEXT
};

pub(crate) const AP_BACKFILL: Setting = Setting {
    key: "ap_backfill",
    flag: "ap-backfill",
    variables: &["AP_BACKFILL"],
    placeholder: "N",
    default: "0",
    help: "Newest public thoughts that a new follower elsewhere is sent, at most 5.",
    ..TEXT
};

pub(crate) const AP_SIGNATURE_WINDOW_SECS: Setting = Setting {
    key: "ap_signature_window_secs",
    flag: "ap-signature-window-secs",
    variables: &["AP_SIGNATURE_WINDOW_SECS"],
    placeholder: "SECONDS",
    default: "3600",
    help: "How far the time of a signed request may be from this server's, at least 60 and at most a day.",
    ..TEXT
};

pub(crate) const AP_FIRST_KNOCK: Setting = Setting {
    key: "ap_first_knock",
    flag: "ap-first-knock",
    variables: &["AP_FIRST_KNOCK"],
    placeholder: "FORM",
    kind: Kind::Choice(&["draft", "rfc9421"]),
    default: "draft",
    help: "The form of signature that a server is sent first until it is known which one it reads.",
    ..TEXT
};

pub(crate) const AP_INBOX_MAX_BYTES: Setting = Setting {
    key: "ap_inbox_max_bytes",
    flag: "ap-inbox-max-bytes",
    variables: &["AP_INBOX_MAX_BYTES"],
    placeholder: "BYTES",
    default: "262144",
    help: "Bytes of an activity of another server, at most 1048576.",
    ..TEXT
};

pub(crate) const AP_INBOX_PER_MINUTE: Setting = Setting {
    key: "ap_inbox_per_minute",
    flag: "ap-inbox-per-minute",
    variables: &["AP_INBOX_PER_MINUTE"],
    placeholder: "N",
    default: "300",
    help: "Activities that one server may send in a minute; 0 is any number.",
    ..TEXT
};

pub(crate) const AP_FETCH_MAX_BYTES: Setting = Setting {
    key: "ap_fetch_max_bytes",
    flag: "ap-fetch-max-bytes",
    variables: &["AP_FETCH_MAX_BYTES"],
    placeholder: "BYTES",
    default: "1048576",
    help: "Bytes of what is fetched from another server, at most 8388608.",
    ..TEXT
};

pub(crate) const AP_DELIVERY_WORKERS: Setting = Setting {
    key: "ap_delivery_workers",
    flag: "ap-delivery-workers",
    variables: &["AP_DELIVERY_WORKERS"],
    placeholder: "N",
    default: "32",
    help: "Deliveries to other servers that are under way at a time, at most 1000.",
    ..TEXT
};

pub(crate) const AP_DELIVERIES_PER_SECOND: Setting = Setting {
    key: "ap_deliveries_per_second",
    flag: "ap-deliveries-per-second",
    variables: &["AP_DELIVERIES_PER_SECOND"],
    placeholder: "N",
    default: "10",
    help: "Deliveries that one server is sent in a second.",
    ..TEXT
};
