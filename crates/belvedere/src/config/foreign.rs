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

const ALL: [Foreign; 10] = [
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
    foreign("STATIC_DIR", "this version has no dashboard"),
    foreign("FEATURE_SPACES_ENABLED", "this version has no permissioned spaces"),
    foreign("PLUGIN_", "this version has no plugins"),
    foreign("SQLITE_JOURNAL_SIZE_LIMIT", "the limit is always 67108864 bytes"),
    foreign("JOB_WORKER_CONCURRENCY", "this version has no background jobs"),
    foreign("PLATFORM_API_KEY_HASH", "`belvedere key create` makes a key for the admin API"),
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

    #[test]
    fn names_and_beginnings() {
        let names = ["PATH", "BACKFILL_RETENTION_DAYS", "PLUGIN_DIR", "SESSION_SECRET", "SESSION_SECRETS"]
            .map(str::to_owned);
        let found: Vec<String> =
            without_effect(names.into_iter()).into_iter().map(|(name, _)| name).collect();
        assert_eq!(found, ["PLUGIN_DIR", "SESSION_SECRET"]);
    }
}
