//! Where the data is.

use super::TEXT;
use crate::config::setting::{Group, Kind, Setting};

pub(crate) const DATA_DIR: Setting = Setting {
    key: "data_dir",
    flag: "data-dir",
    variables: &["DATA_DIR"],
    placeholder: "DIR",
    default: "data",
    group: Group::Data,
    help: "Folder for the SQLite databases, the master key, the lock and the instance id; made if it is missing.",
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

pub(crate) const S3_URL: Setting = Setting {
    key: "s3_url",
    flag: "s3-url",
    variables: &["S3_URL"],
    placeholder: "URL",
    kind: Kind::SecretUrl,
    otherwise: "they are in the database",
    help: "Bucket for attachments and pictures of the relay: s3://KEY:SECRET@HOST/BUCKET, with ?region=REGION and ?tls=false where needed.",
    ..TEXT
};
