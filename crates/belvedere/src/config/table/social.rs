//! What the microblog works with.

use super::TEXT;
use crate::config::setting::{Kind, Setting};

pub(crate) const SOCIAL_NAME: Setting = Setting {
    key: "social_name",
    flag: "social-name",
    variables: &["SOCIAL_NAME"],
    placeholder: "NAME",
    otherwise: "its host",
    help: "What the microblog is called where clients and other servers show it.",
    ..TEXT
};

pub(crate) const SOCIAL_DESCRIPTION: Setting = Setting {
    key: "social_description",
    flag: "social-description",
    variables: &["SOCIAL_DESCRIPTION"],
    placeholder: "TEXT",
    default: "A small place in the fediverse, in chronological order.",
    help: "What clients and other servers say about the microblog, at most 500 characters.",
    ..TEXT
};

pub(crate) const SOCIAL_REGISTRATION: Setting = Setting {
    key: "social_registration",
    flag: "social-registration",
    variables: &["SOCIAL_REGISTRATION", "ALLOW_REGISTRATION"],
    kind: Kind::Switch,
    default: "true",
    help: "Whether strangers may register at the microblog.",
    ..TEXT
};

pub(crate) const SOCIAL_MAX_CHARACTERS: Setting = Setting {
    key: "social_max_characters",
    flag: "social-max-characters",
    variables: &["SOCIAL_MAX_CHARACTERS", "MAX_CONTENT_CHARS"],
    placeholder: "N",
    default: "128",
    help: "Characters of a thought that is written here, at most 5000.",
    ..TEXT
};

pub(crate) const SOCIAL_APPROVE_FOLLOWS: Setting = Setting {
    key: "social_approve_follows",
    flag: "social-approve-follows",
    variables: &["SOCIAL_APPROVE_FOLLOWS", "AP_FOLLOW_APPROVAL"],
    placeholder: "HOW",
    kind: Kind::Choice(&["auto", "manual"]),
    default: "auto",
    help: "Whether people who register approve of each follower, until they say otherwise themselves.",
    ..TEXT
};

pub(crate) const SOCIAL_UPLOAD_MAX_BYTES: Setting = Setting {
    key: "social_upload_max_bytes",
    flag: "social-upload-max-bytes",
    variables: &["SOCIAL_UPLOAD_MAX_BYTES", "UPLOAD_MAX_BYTES"],
    placeholder: "BYTES",
    default: "5242880",
    help: "Bytes of a picture, at most 10485760.",
    ..TEXT
};

pub(crate) const SOCIAL_DIR: Setting = Setting {
    key: "social_dir",
    flag: "social-dir",
    variables: &["SOCIAL_DIR", "STORAGE_PATH"],
    placeholder: "DIR",
    otherwise: "the folder social below data_dir; with s3_url, that bucket",
    help: "Folder of the pictures of the microblog.",
    ..TEXT
};
