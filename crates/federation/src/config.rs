//! What an operator decides about the fediverse (spec/social.md §8).

use std::time::Duration;

use activitypub::object::Document;
use activitypub::signature::Form;

/// How this server behaves among others.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a setting of its own")]
pub struct FederationConfig {
    /// Whether actors, notes and lists are shown only to servers that sign (spec/social.md §4.8).
    pub authorized_fetch: bool,
    /// Whether lists of followers say only how many there are.
    pub hide_collections: bool,
    /// Whether only hosts with the rule `allow` are spoken with.
    pub only_allowed: bool,
    /// How old or how far ahead a signature may be.
    pub signature_window: Duration,
    /// The form of signature that a host nobody knows is sent first.
    pub first_knock: Form,
    /// Whether people who are blocked are told so, which is how their servers stop showing them what they may not see.
    pub tell_of_blocks: bool,
    /// Newest public thoughts that a new follower elsewhere is sent; none if 0.
    pub backfill: u32,
    /// Bytes of an activity that an inbox takes.
    pub inbox_max_bytes: usize,
    /// Bytes of what is fetched.
    pub fetch_max_bytes: usize,
    /// Activities per minute that one host may send; any number if 0.
    pub inbox_per_minute: u32,
    /// Deliveries under way at a time.
    pub delivery_workers: usize,
    /// Deliveries per second to one host.
    pub per_host_rate: f64,
    /// How much faster than usual time passes between attempts: 1, more in tests.
    pub time_scale: u32,
    /// What this server calls itself.
    pub version: &'static str,
}

impl Default for FederationConfig {
    fn default() -> Self {
        Self {
            authorized_fetch: false,
            hide_collections: false,
            only_allowed: false,
            signature_window: Duration::from_hours(1),
            first_knock: Form::Draft,
            tell_of_blocks: true,
            backfill: 0,
            inbox_max_bytes: Document::MAX_INBOX,
            fetch_max_bytes: Document::MAX_FETCHED,
            inbox_per_minute: 300,
            delivery_workers: 32,
            per_host_rate: 10.0,
            time_scale: 1,
            version: env!("CARGO_PKG_VERSION"),
        }
    }
}
