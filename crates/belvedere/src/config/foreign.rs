//! Variables of HappyView that this version knows of but does not use: silence would look like obedience.

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

const NO_LOGIN: &str =
    "this version has no browser login; `belvedere key create` makes a key for the admin API";
const NO_BACKFILL: &str = "this version has no backfill";
const NO_OAUTH: &str = "this version has no OAuth";

const ALL: [Foreign; 20] = [
    foreign("DATABASE_BACKEND", "the engine follows from DATABASE_URL"),
    foreign("BACKFILL_", NO_BACKFILL),
    foreign("BASE_PATH", "everything is served from the root of its origin"),
    foreign("SESSION_SECRET", NO_LOGIN),
    foreign("TOKEN_ENCRYPTION_KEY", "this version stores no tokens"),
    foreign("STATIC_DIR", "this version has no dashboard"),
    foreign("EVENT_LOG_RETENTION_DAYS", "this version has no event log"),
    foreign("VERBOSE_EVENT_LOGGING", "this version has no event log"),
    foreign("DEFAULT_RATE_LIMIT_", "this version has no rate limits per client"),
    foreign("ATTESTATION_", "this version signs no attestations"),
    foreign("FEATURE_SPACES_ENABLED", "this version has no permissioned spaces"),
    foreign("APP_NAME", NO_OAUTH),
    foreign("CLIENT_URI", NO_OAUTH),
    foreign("LOGO_URI", NO_OAUTH),
    foreign("TOS_URI", NO_OAUTH),
    foreign("POLICY_URI", NO_OAUTH),
    foreign("PLUGIN_", "this version has no plugins"),
    foreign("SQLITE_JOURNAL_SIZE_LIMIT", "the limit is always 67108864 bytes"),
    foreign("JOB_WORKER_CONCURRENCY", "this version has no background jobs"),
    foreign("PLATFORM_API_KEY_HASH", NO_LOGIN),
];

/// The variables among `names` that have no effect, each with what is the case instead.
pub(crate) fn without_effect(names: impl Iterator<Item = String>) -> Vec<(String, &'static str)> {
    let instead = |name: &str| {
        let matches = |known: &str| name == known || (known.ends_with('_') && name.starts_with(known));
        ALL.iter().find(|foreign| matches(foreign.variable)).map(|foreign| foreign.instead)
    };
    let mut found: Vec<_> = names.filter_map(|name| instead(&name).map(|text| (name, text))).collect();
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_beginnings() {
        let names = ["PATH", "BACKFILL_RETENTION_DAYS", "BASE_PATH", "BASE_PATHS"].map(str::to_owned);
        let found: Vec<String> =
            without_effect(names.into_iter()).into_iter().map(|(name, _)| name).collect();
        assert_eq!(found, ["BACKFILL_RETENTION_DAYS", "BASE_PATH"]);
    }
}
