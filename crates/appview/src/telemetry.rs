//! Names of the metrics, for those who read them.

use metrics::{Unit, describe_counter, describe_gauge, describe_histogram};

/// Lexicons in memory.
pub(crate) const LEXICONS: &str = "appview_lexicons";

/// Stored lexicons that were left out because this version cannot use them.
pub(crate) const UNUSABLE: &str = "appview_lexicons_unusable_total";

/// Published lexicons that were refused, so that the one before stayed.
pub(crate) const REFUSED: &str = "appview_published_lexicons_refused_total";

/// Calls of queries and procedures, by NSID.
pub(crate) const CALLS: &str = "xrpc_calls_total";

/// Calls of methods that are not served here, by what became of them.
pub(crate) const PROXIED: &str = "xrpc_proxied_total";

/// How long queries took whose parameters name fields, by NSID.
pub(crate) const QUERY_SECONDS: &str = "appview_query_seconds";

/// Those of them that took a tenth of a second or longer, or were stopped.
pub(crate) const SLOW_QUERIES: &str = "appview_slow_queries_total";

pub(crate) fn describe() {
    describe_histogram!(QUERY_SECONDS, Unit::Seconds, "Queries by fields of records, by NSID");
    describe_counter!(SLOW_QUERIES, "Queries by fields that took 0.1 s or longer, or were stopped, by NSID");
    describe_gauge!(LEXICONS, "Lexicons in memory");
    describe_counter!(UNUSABLE, "Stored lexicons that this version cannot use");
    describe_counter!(REFUSED, "Published lexicons that could not replace the one before");
    describe_counter!(CALLS, "Calls of queries and procedures, by NSID");
    describe_counter!(PROXIED, "Calls of methods that are not served here, by outcome");
}
