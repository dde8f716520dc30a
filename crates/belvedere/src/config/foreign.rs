//! Variables of HappyView and Thoughts that this version knows of but does not use: silence would look like obedience.

/// What is said about a variable that has no effect here.
pub(crate) struct Foreign {
    /// Its name; one that ends in `_` stands for all that begin so.
    pub(crate) variable: &'static str,
    /// What is the case instead.
    pub(crate) instead: &'static str,
}

const fn foreign(variable: &'static str, instead: &'static str) -> Foreign {
    Foreign { variable, instead }
}

const ALL: &[Foreign] = &[
    foreign("DATABASE_BACKEND", "the engine follows from DATABASE_URL"),
    foreign(
        "BACKFILL_DATABASE_MAX_CONNECTIONS",
        "a backfill has a few connections of its own, whatever its concurrency",
    ),
    foreign("BACKFILL_DISCOVERY_WINDOW", "what was discovered waits in the database, so it needs no bound"),
    foreign(
        "SESSION_SECRET",
        "the database keeps who is signed in, under random tokens, so cookies need no secret",
    ),
    foreign("STATIC_DIR", "the dashboard is part of the program"),
    foreign("FEATURE_SPACES_ENABLED", "this version has no permissioned spaces"),
    foreign("PLUGIN_", "this version has no plugins"),
    foreign("SQLITE_JOURNAL_SIZE_LIMIT", "the limit is always 67108864 bytes"),
    foreign("PLATFORM_API_KEY_HASH", "`belvedere key create` makes a key for the admin API"),
    foreign("JWT_SECRET", "tokens are signed with what follows from MASTER_SECRET"),
    foreign("KEY_ENCRYPTION_SECRET", "keys are sealed with what follows from MASTER_SECRET"),
    foreign("NATS_URL", "servers speak with each other by way of CACHE_URL"),
    foreign("CORS_ORIGINS", "the interfaces for apps answer every origin, those for browsers their own"),
    foreign("RATE_LIMIT", "each interface has limits of its own"),
    foreign("STORAGE_BACKEND", "pictures are in the bucket of S3_URL if there is one, else in STORAGE_PATH"),
    foreign("STORAGE_PREFIX", "the folder or bucket is the whole place"),
    foreign("S3_ENDPOINT", "S3_URL says where the bucket is, and with which key it opens"),
    foreign("S3_BUCKET", "S3_URL says where the bucket is, and with which key it opens"),
    foreign("UPLOAD_ALLOWED_TYPES", "PNG, JPEG, GIF and WebP are taken"),
    foreign(
        "AP_ALLOW_HTTP",
        "plain HTTP is allowed with AP_ALLOW_PRIVATE_ADDRESSES, to peers on this machine",
    ),
    foreign("AP_DELIVERY_RETRY_SCALE", "BELVEDERE_TIME_SCALE makes all pauses shorter"),
];

/// The variables among `names` that have no effect, each with what is the case instead.
pub(crate) fn without_effect(names: impl Iterator<Item = String>) -> Vec<(String, &'static str)> {
    let instead = |name: &str| {
        let matches = |known: &str| name == known || (known.ends_with('_') && name.starts_with(known));
        ALL.iter().find(|foreign| matches(foreign.variable)).map(|foreign| foreign.instead)
    };
    let mut found: Vec<_> = names.filter_map(|name| instead(&name).map(|text| (name, text))).collect();
    found.sort();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::table;

    #[test]
    fn names_and_beginnings() {
        let names = ["PATH", "BACKFILL_RETENTION_DAYS", "PLUGIN_DIR", "SESSION_SECRET", "SESSION_SECRETS"]
            .map(str::to_owned);
        let found: Vec<String> =
            without_effect(names.into_iter()).into_iter().map(|(name, _)| name).collect();
        assert_eq!(found, ["PLUGIN_DIR", "SESSION_SECRET"]);
    }

    #[test]
    fn nothing_is_said_of_what_has_an_effect() {
        for foreign in ALL {
            let is_setting = table::ALL.iter().any(|setting| setting.variables.contains(&foreign.variable));
            assert!(!is_setting, "{}", foreign.variable);
        }
    }
}
