//! Conversations by voice (spec/sync.md §2.11): the relay lets an account talk to an agent of ElevenLabs at the operator's cost, within
//! what is free or what RevenueCat says was paid for.
//!
//! ElevenLabs counts; nothing of a conversation is kept or passes here. What was granted a moment ago and is not counted there yet is
//! remembered in the cache, and an account is granted one conversation at a time, so that asking twice at once gains nothing.

mod converse;
mod elevenlabs;
mod granted;
mod name;
mod refusal;
mod revenuecat;
mod ticket;
mod turn;
mod usage;

use std::time::Duration;

pub use elevenlabs::ElevenLabs;
use refusal::Refusal;
pub use revenuecat::RevenueCat;
use server::{Access, Route};

use crate::services::Services;

/// What is counted: conversations that began within so long before now.
const WINDOW: Duration = Duration::from_hours(30 * 24);

/// Seconds of talk in a window that cost nothing.
const FREE: i64 = 1_200;

/// Seconds of talk in a window that nobody gets past.
const HARD: i64 = 18_000;

/// Conversations in a window.
const CONVERSATIONS: i64 = 100;

/// For one answer of a vendor.
const ANSWER: Duration = Duration::from_secs(8);

/// The vendors that voice needs. Without both there is none.
#[derive(Clone, Debug, Default)]
pub struct Voice {
    /// Where agents talk.
    pub elevenlabs: Option<ElevenLabs>,
    /// Where it is known who pays.
    pub revenuecat: Option<RevenueCat>,
}

impl Voice {
    fn elevenlabs(&self) -> Result<&ElevenLabs, Refusal> {
        self.elevenlabs.as_ref().ok_or(Refusal::Failed("ELEVENLABS_API_KEY not configured"))
    }

    fn revenuecat(&self) -> Result<&RevenueCat, Refusal> {
        self.revenuecat.as_ref().ok_or(Refusal::Failed("REVENUECAT_API_KEY not configured"))
    }
}

pub(crate) fn routes() -> Vec<Route<Services>> {
    let known = Access::Authenticated;
    vec![
        Route::post(
            "/v1/voice/conversations",
            known,
            "A conversation by voice, if there is time left",
            converse::grant,
        ),
        Route::get("/v1/voice/usage", known, "How much the account has talked", usage::show),
    ]
}

/// For fuzzers: reads bytes as each of the answers that vendors give.
pub(crate) fn read_anything(input: &[u8]) {
    if let Ok(page) = serde_json::from_slice::<elevenlabs::Page>(input) {
        let mut used = elevenlabs::Used::default();
        used.add(page, i64::MAX);
        assert!(used.seconds >= 0);
    }
    if let Ok(ticket) = serde_json::from_slice::<ticket::Ticket>(input) {
        assert!(ticket.conversation().is_none_or(|id| id.starts_with("conv_") && id.len() <= 105));
    }
    let paid = serde_json::from_slice::<revenuecat::Customer>(input).map(|customer| customer.is_good(0));
    let active = serde_json::from_slice::<revenuecat::Active>(input).map(|active| active.is_good(0));
    drop((paid, active));
}

#[cfg(test)]
mod tests {
    const ANSWERS: [&str; 4] = [
        r#"{"conversations":[{"conversation_id":"conv_a","start_time_unix_secs":1700000000,"call_duration_secs":12.5,
            "status":"in-progress"}],"has_more":true,"next_cursor":"c"}"#,
        r#"{"token":"e30.eyJ2aWRlbyI6eyJyb29tIjoiY29udl9iIn19.s","conversation_id":"conv_b"}"#,
        r#"{"subscriber":{"entitlements":{"pro":{"expires_date":"2999-01-01T00:00:00Z",
            "grace_period_expires_date":null}}}}"#,
        r#"{"items":[{"entitlement_id":"e","expires_at":1700000000000}],"next_page":null}"#,
    ];

    proptest::proptest! {
        #[test]
        fn no_answer_is_too_strange(
            which in 0..ANSWERS.len(),
            changes in proptest::collection::vec((0..400_usize, 0..=255_u8), 0..6),
            length in 0..400_usize,
        ) {
            let mut answer = ANSWERS[which].as_bytes().to_vec();
            for (at, byte) in changes {
                let at = at % answer.len();
                answer[at] = byte;
            }
            answer.truncate(length);
            super::read_anything(&answer);
        }
    }
}
