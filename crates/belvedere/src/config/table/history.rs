//! How what was written before is fetched.

use super::TEXT;
use crate::config::setting::{Kind, Setting};

pub(crate) const BACKFILL_MODE: Setting = Setting {
    key: "backfill_mode",
    flag: "backfill-mode",
    variables: &["BACKFILL_MODE"],
    placeholder: "MODE",
    kind: Kind::Choice(&["auto", "pages", "export", "blocks"]),
    default: "auto",
    help: "How repositories are read: page by page, whole, only the blocks that are needed, or what seems quickest for each.",
    ..TEXT
};

pub(crate) const BACKFILL_VERIFIED: Setting = Setting {
    key: "backfill_verified",
    flag: "backfill-verified",
    variables: &["BACKFILL_VERIFIED"],
    kind: Kind::Switch,
    default: "false",
    help: "Take in only what the author's signature covers.",
    ..TEXT
};

pub(crate) const BACKFILL_REPAIR_GAPS: Setting = Setting {
    key: "backfill_repair_gaps",
    flag: "backfill-repair-gaps",
    variables: &["BACKFILL_REPAIR_GAPS"],
    kind: Kind::Switch,
    default: "true",
    help: "Fetch again what may have been missed while the stream could not be followed.",
    ..TEXT
};

pub(crate) const BACKFILL_TIMEOUT_SECONDS: Setting = Setting {
    key: "backfill_timeout_seconds",
    flag: "backfill-timeout-seconds",
    variables: &["BACKFILL_TIMEOUT_SECONDS"],
    placeholder: "SECONDS",
    default: "30",
    help: "How long a host may take for an answer while history is fetched; a whole repository may take ten times that.",
    ..TEXT
};

pub(crate) const JETSTREAM_ARCHIVE: Setting = Setting {
    key: "jetstream_archive",
    flag: "jetstream-archive",
    variables: &["JETSTREAM_ARCHIVE"],
    placeholder: "WORD",
    kind: Kind::Choice(&["auto", "off"]),
    default: "auto",
    help: "Whether history is taken from the archive of the Jetstream server, if it offers one.",
    ..TEXT
};

pub(crate) const TIME_SCALE: Setting = Setting {
    key: "time_scale",
    flag: "time-scale",
    // The plain name is too common.
    variables: &["BELVEDERE_TIME_SCALE"],
    placeholder: "N",
    default: "1",
    help: "For tests: long waits, such as those before a retry, are divided by this.",
    ..TEXT
};
