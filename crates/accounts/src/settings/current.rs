//! What is in effect, in types.

use super::ProxyPolicy;

/// The settings in effect at some moment.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a setting of its own")]
pub struct CurrentSettings {
    /// What this server calls itself.
    pub app_name: Option<String>,
    /// The page about it.
    pub client_uri: Option<String>,
    /// Its logo elsewhere.
    pub logo_uri: Option<String>,
    /// Its terms of service.
    pub tos_uri: Option<String>,
    /// Its privacy policy.
    pub policy_uri: Option<String>,
    /// PDS hosts that a backfill asks at once.
    pub backfill_concurrent_pds: u32,
    /// Repositories of one host that it asks for at once.
    pub backfill_concurrent_dids_per_pds: u32,
    /// DIDs that it resolves at once.
    pub backfill_concurrent_resolution: u32,
    /// How long details of finished backfills are kept, in days; 0 is for ever.
    pub backfill_retention_days: u32,
    /// What of a collection may be asked for when it is not here, unless its lexicon says: `off`, `get` or `get+list`.
    pub read_through: String,
    /// Questions per minute that one caller may cause by asking for what is not here.
    pub read_through_per_caller: u32,
    /// Questions per minute that all of them together may cause.
    pub read_through_total: u32,
    /// The collections for whose new records labelers are asked, commas between them.
    pub label_new_records: Option<String>,
    /// Whether the event log has an entry for every record.
    pub verbose_event_logging: bool,
    /// Tokens that a query costs whose lexicon does not say.
    pub default_query_cost: u32,
    /// Tokens that a procedure costs whose lexicon does not say.
    pub default_procedure_cost: u32,
    /// Tokens that a call costs which is passed on to another server.
    pub default_proxy_cost: u32,
    /// Instructions that a script may run.
    pub script_instruction_limit: u32,
    /// Seconds that a script may take.
    pub script_wall_clock_seconds: u32,
    /// Whether anonymous callers must say which API client they are.
    pub require_client_key: bool,
    /// Whether a call from a page that is not the API client's is refused rather than reported.
    pub enforce_client_origin: bool,
    /// Whether there is a logo of our own; see [`Settings::logo`](super::Settings::logo).
    pub has_logo: bool,
    /// Which calls are passed on to other servers.
    pub proxy_policy: ProxyPolicy,
}

impl CurrentSettings {
    /// `value` gives the text of a setting, which fits its type or is its default.
    pub(super) fn read<'a>(
        value: impl Fn(&str) -> Option<&'a str>,
        has_logo: bool,
        proxy_policy: ProxyPolicy,
    ) -> Self {
        let text = |key| value(key).map(str::to_owned);
        let flag = |key| value(key) == Some("true");
        let count = |key| value(key).and_then(|text| text.parse().ok()).unwrap_or_default();
        Self {
            app_name: text("app_name"),
            client_uri: text("client_uri"),
            logo_uri: text("logo_uri"),
            tos_uri: text("tos_uri"),
            policy_uri: text("policy_uri"),
            backfill_concurrent_pds: count("backfill_concurrent_pds"),
            backfill_concurrent_dids_per_pds: count("backfill_concurrent_dids_per_pds"),
            backfill_concurrent_resolution: count("backfill_concurrent_resolution"),
            backfill_retention_days: count("backfill_retention_days"),
            read_through: text("read_through").unwrap_or_default(),
            read_through_per_caller: count("read_through_per_caller"),
            read_through_total: count("read_through_total"),
            label_new_records: text("label_new_records"),
            verbose_event_logging: flag("verbose_event_logging"),
            default_query_cost: count("rate_limit.default_query_cost"),
            default_procedure_cost: count("rate_limit.default_procedure_cost"),
            default_proxy_cost: count("rate_limit.default_proxy_cost"),
            script_instruction_limit: count("script_instruction_limit"),
            script_wall_clock_seconds: count("script_wall_clock_seconds"),
            require_client_key: flag("require_client_key"),
            enforce_client_origin: flag("enforce_client_origin"),
            has_logo,
            proxy_policy,
        }
    }
}
