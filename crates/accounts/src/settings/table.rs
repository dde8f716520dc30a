//! Every setting there is.

use super::takes::Takes;

/// A setting that people may read and write.
#[derive(Clone, Copy, Debug)]
pub struct SettingInfo {
    /// Its name on the wire and in the database.
    pub key: &'static str,
    /// The variable that holds while the database has no value.
    pub variable: Option<&'static str>,
    /// What holds while neither has one.
    pub default: Option<&'static str>,
    pub(super) takes: Takes,
}

const fn of_environment(key: &'static str, variable: &'static str, takes: Takes) -> SettingInfo {
    SettingInfo { key, variable: Some(variable), default: None, takes }
}

const fn with_default(key: &'static str, default: &'static str, takes: Takes) -> SettingInfo {
    SettingInfo { key, variable: None, default: Some(default), takes }
}

const fn tunable(
    key: &'static str,
    variable: &'static str,
    default: &'static str,
    takes: Takes,
) -> SettingInfo {
    SettingInfo { key, variable: Some(variable), default: Some(default), takes }
}

/// The flag of permissioned spaces.
pub(crate) const SPACES_FLAG: &str = "feature.spaces_enabled";

const COST: Takes = Takes::Count(0, 1_000_000);

/// All settings that people may read and write, in the order of the specification.
pub static SETTINGS: &[SettingInfo] = &[
    of_environment("app_name", "APP_NAME", Takes::Text),
    of_environment("client_uri", "CLIENT_URI", Takes::Link),
    of_environment("logo_uri", "LOGO_URI", Takes::Link),
    of_environment("tos_uri", "TOS_URI", Takes::Link),
    of_environment("policy_uri", "POLICY_URI", Takes::Link),
    tunable("backfill_concurrent_pds", "BACKFILL_CONCURRENT_PDS", "10", Takes::Count(1, 1000)),
    tunable(
        "backfill_concurrent_dids_per_pds",
        "BACKFILL_CONCURRENT_DIDS_PER_PDS",
        "3",
        Takes::Count(1, 1000),
    ),
    tunable(
        "backfill_concurrent_resolution",
        "BACKFILL_CONCURRENT_RESOLUTION",
        "100",
        Takes::Count(1, 10_000),
    ),
    tunable("backfill_retention_days", "BACKFILL_RETENTION_DAYS", "28", Takes::Count(0, 36_500)),
    tunable("read_through", "READ_THROUGH", "get", Takes::Word(&["off", "get", "get+list"])),
    tunable("read_through_per_caller", "READ_THROUGH_PER_CALLER", "60", Takes::Count(0, 1_000_000)),
    tunable("read_through_total", "READ_THROUGH_TOTAL", "1200", Takes::Count(0, 1_000_000)),
    of_environment("label_new_records", "LABEL_NEW_RECORDS", Takes::Collections),
    tunable("verbose_event_logging", "VERBOSE_EVENT_LOGGING", "false", Takes::Flag),
    tunable(SPACES_FLAG, "FEATURE_SPACES_ENABLED", "false", Takes::Absent("permissioned spaces")),
    with_default("rate_limit.default_query_cost", "1", COST),
    with_default("rate_limit.default_procedure_cost", "1", COST),
    with_default("rate_limit.default_proxy_cost", "1", COST),
    with_default("script_instruction_limit", "1000000", Takes::Count(1000, 1_000_000_000)),
    with_default("script_wall_clock_seconds", "10", Takes::Count(1, 300)),
    with_default("require_client_key", "false", Takes::Flag),
    with_default("enforce_client_origin", "false", Takes::Flag),
];

/// The variables that settings fall back to: whoever reads the environment passes on these.
pub fn environment_variables() -> impl Iterator<Item = &'static str> {
    SETTINGS.iter().filter_map(|info| info.variable)
}

pub(super) fn info(key: &str) -> Option<&'static SettingInfo> {
    SETTINGS.iter().find(|info| info.key == key)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn bounds_of_scripts_are_those_of_the_specification() {
        for (key, least, most) in
            [("script_instruction_limit", 1_000, 1_000_000_000), ("script_wall_clock_seconds", 1, 300)]
        {
            let takes = |value: u64| info(key).unwrap().takes.problem(&value.to_string()).is_none();
            assert!(takes(least) && takes(most), "{key}");
            assert!(!takes(least - 1) && !takes(most + 1), "{key}");
        }
    }

    #[test]
    fn keys_are_different_and_defaults_fit() {
        let keys: HashSet<_> = SETTINGS.iter().map(|info| info.key).collect();
        assert_eq!(keys.len(), SETTINGS.len());
        for info in SETTINGS {
            assert_eq!(info.default.and_then(|default| info.takes.problem(default)), None, "{}", info.key);
        }
    }
}
