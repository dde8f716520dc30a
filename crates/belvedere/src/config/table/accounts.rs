//! What guards and limits those who call.

use super::TEXT;
use crate::config::setting::{Kind, Setting};

pub(crate) const MASTER_SECRET: Setting = Setting {
    key: "master_secret",
    variables: &["MASTER_SECRET"],
    kind: Kind::Secret,
    otherwise: "master.key in the data folder, made on first start",
    help: "Text of at least 32 bytes that seals the tokens and private keys in the database.",
    ..TEXT
};

pub(crate) const TOKEN_ENCRYPTION_KEY: Setting = Setting {
    key: "token_encryption_key",
    variables: &["TOKEN_ENCRYPTION_KEY"],
    kind: Kind::Secret,
    otherwise: "none",
    help: "The same as 32 bytes in base64, as deployments that come from HappyView have it.",
    ..TEXT
};

pub(crate) const ATTESTATION_PRIVATE_KEY: Setting = Setting {
    key: "attestation_private_key",
    variables: &["ATTESTATION_PRIVATE_KEY"],
    kind: Kind::Secret,
    otherwise: "made on first start and kept in the database",
    help: "The key that scripts attest records with: 32 bytes in hex, on secp256k1.",
    ..TEXT
};

pub(crate) const ATTESTATION_KEY_ID: Setting = Setting {
    key: "attestation_key_id",
    flag: "attestation-key-id",
    variables: &["ATTESTATION_KEY_ID"],
    placeholder: "DID#NAME",
    otherwise: "did:web:HOST#attestation",
    help: "Where others find the public half of the key that scripts attest records with.",
    ..TEXT
};

pub(crate) const ATTESTATION_SIG_TYPE: Setting = Setting {
    key: "attestation_sig_type",
    flag: "attestation-sig-type",
    variables: &["ATTESTATION_SIG_TYPE"],
    placeholder: "NSID",
    otherwise: "games.gamesgamesgamesgames.attestation",
    help: "The $type of attestations.",
    ..TEXT
};

pub(crate) const DEFAULT_RATE_LIMIT_CAPACITY: Setting = Setting {
    key: "default_rate_limit_capacity",
    flag: "default-rate-limit-capacity",
    variables: &["DEFAULT_RATE_LIMIT_CAPACITY"],
    placeholder: "TOKENS",
    default: "100",
    help: "Tokens that callers without a rate limit of their own may spend at once.",
    ..TEXT
};

pub(crate) const DEFAULT_RATE_LIMIT_REFILL_RATE: Setting = Setting {
    key: "default_rate_limit_refill_rate",
    flag: "default-rate-limit-refill-rate",
    variables: &["DEFAULT_RATE_LIMIT_REFILL_RATE"],
    placeholder: "TOKENS",
    default: "2.0",
    help: "Tokens per second that they get back.",
    ..TEXT
};

pub(crate) const EVENT_LOG_RETENTION_DAYS: Setting = Setting {
    key: "event_log_retention_days",
    flag: "event-log-retention-days",
    variables: &["EVENT_LOG_RETENTION_DAYS"],
    placeholder: "DAYS",
    default: "30",
    help: "How long entries of the event log are kept; 0 is for ever.",
    ..TEXT
};
