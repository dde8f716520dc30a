//! What the registry and its hold work with.

use crate::config::setting::{Group, Kind, Setting};

const TEXT: Setting = Setting { group: Group::Registry, ..super::TEXT };

pub(crate) const REGISTRY_DIR: Setting = Setting {
    key: "registry_dir",
    flag: "registry-dir",
    variables: &["REGISTRY_DIR", "REGISTRY_DATA_DIR", "STORAGE_ROOT_DIR"],
    placeholder: "DIR",
    otherwise: "the folder registry below data_dir",
    help: "Folder of the layers of images.",
    ..TEXT
};

pub(crate) const REGISTRY_FSYNC: Setting = Setting {
    key: "registry_fsync",
    flag: "registry-fsync",
    variables: &["REGISTRY_FSYNC"],
    placeholder: "WHEN",
    kind: Kind::Choice(&["full", "finish", "off"]),
    default: "full",
    help: "When layers are made safe from a loss of power: always, only when one is complete, or never.",
    ..TEXT
};

pub(crate) const REGISTRY_S3_URL: Setting = Setting {
    key: "registry_s3_url",
    flag: "registry-s3-url",
    variables: &["REGISTRY_S3_URL"],
    placeholder: "URL",
    kind: Kind::SecretUrl,
    otherwise: "they are in registry_dir",
    help: "Bucket for the layers of images, which clients fetch there: s3://KEY:SECRET@HOST/BUCKET, with ?region=REGION and ?tls=false where needed.",
    ..TEXT
};

pub(crate) const REGISTRY_SERVICE: Setting = Setting {
    key: "registry_service",
    flag: "registry-service",
    variables: &["REGISTRY_SERVICE", "ATCR_SERVICE_NAME"],
    placeholder: "NAME",
    otherwise: "the host of public_url",
    help: "What the registry calls itself in its tokens.",
    ..TEXT
};

pub(crate) const REGISTRY_TOKEN_SECONDS: Setting = Setting {
    key: "registry_token_seconds",
    flag: "registry-token-seconds",
    variables: &["REGISTRY_TOKEN_TTL", "ATCR_TOKEN_EXPIRATION"],
    placeholder: "SECONDS",
    default: "300",
    help: "How long a token of the registry is good for, at least a minute.",
    ..TEXT
};

pub(crate) const REGISTRY_DELETE: Setting = Setting {
    key: "registry_delete",
    flag: "registry-delete",
    variables: &["REGISTRY_DELETE_ENABLED"],
    kind: Kind::Switch,
    default: "true",
    help: "Whether owners can delete tags, manifests and layers through the registry's protocol.",
    ..TEXT
};

pub(crate) const REGISTRY_SPARSE: Setting = Setting {
    key: "registry_sparse",
    flag: "registry-sparse",
    variables: &["REGISTRY_ALLOW_SPARSE"],
    kind: Kind::Switch,
    default: "false",
    help: "Whether an index of images may name some that are not here.",
    ..TEXT
};

pub(crate) const REGISTRY_ACCOUNTS: Setting = Setting {
    key: "registry_accounts",
    variables: &["REGISTRY_LOCAL_ACCOUNTS"],
    kind: Kind::Secret,
    otherwise: "none",
    help: "Accounts that are at home here, made when the server starts: HANDLE:PASSWORD, separated by commas.",
    ..TEXT
};

pub(crate) const REGISTRY_GC_SECONDS: Setting = Setting {
    key: "registry_gc_seconds",
    flag: "registry-gc-seconds",
    variables: &["REGISTRY_GC_INTERVAL"],
    placeholder: "SECONDS",
    default: "21600",
    help: "How often layers that no image needs are removed; 0 stands for never.",
    ..TEXT
};

pub(crate) const REGISTRY_GC_GRACE_SECONDS: Setting = Setting {
    key: "registry_gc_grace_seconds",
    flag: "registry-gc-grace-seconds",
    variables: &["REGISTRY_GC_GRACE"],
    placeholder: "SECONDS",
    default: "86400",
    help: "How long a layer that no image needs is left alone, and an upload that nobody goes on with.",
    ..TEXT
};

pub(crate) const REGISTRY_QUOTA_FILE: Setting = Setting {
    key: "registry_quota_file",
    flag: "registry-quota-file",
    variables: &["REGISTRY_QUOTA_FILE"],
    placeholder: "FILE",
    otherwise: "everybody has as much room as there is",
    help: "JSON file that says how much room the tiers of the crew have.",
    ..TEXT
};

pub(crate) const HOLD_OWNER: Setting = Setting {
    key: "hold_owner",
    flag: "hold-owner",
    variables: &["HOLD_OWNER"],
    placeholder: "DID",
    otherwise: "the first account that is at home here",
    help: "To whom the hold belongs: they may everything, and have as much room as there is.",
    ..TEXT
};

pub(crate) const HOLD_PUBLIC: Setting = Setting {
    key: "hold_public",
    flag: "hold-public",
    variables: &["HOLD_PUBLIC"],
    kind: Kind::Switch,
    default: "true",
    help: "Whether anybody may pull.",
    ..TEXT
};

pub(crate) const HOLD_ALLOW_ALL_CREW: Setting = Setting {
    key: "hold_allow_all_crew",
    flag: "hold-allow-all-crew",
    variables: &["HOLD_ALLOW_ALL_CREW"],
    kind: Kind::Switch,
    default: "false",
    help: "Whether everybody with an account on the AT Protocol may push their images here. Accounts that are at home here always may.",
    ..TEXT
};

pub(crate) const HOLD_TRUSTED_APPVIEWS: Setting = Setting {
    key: "hold_trusted_appviews",
    flag: "hold-trusted-appviews",
    variables: &["HOLD_TRUSTED_APPVIEWS"],
    placeholder: "DIDS",
    otherwise: "none",
    help: "Registries elsewhere that may speak for their users here and put members in tiers: their DIDs, separated by commas.",
    ..TEXT
};
