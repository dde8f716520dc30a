//! ElevenLabs: who has talked for how long, and tickets to talk.

use std::collections::HashSet;
use std::fmt;

use http::Method;
use http::header::{HeaderName, HeaderValue, InvalidHeaderValue};
use outbound::{Outbound, Redirects, RequestBuilder};
use serde::Deserialize;
use url::Url;

use super::refusal::Failure;
use super::ticket::Ticket;
use super::{ANSWER, CONVERSATIONS, WINDOW};

const API_KEY: HeaderName = HeaderName::from_static("xi-api-key");

/// The most that a page has.
const PAGE: &str = "100";

/// Pages that are asked for. Each has a hundred conversations, so that the second ends it unless a vendor sends them piecemeal.
const MAX_PAGES: usize = 10;

/// The largest page: a hundred conversations, each with a title and a summary.
const MAX_PAGE: usize = 4 * 1024 * 1024;

/// The largest ticket.
const MAX_TICKET: usize = 64 * 1024;

/// How long a conversation that has not ended counts by the clock, in seconds. One that never began is not counted for ever.
const UNDER_WAY: i64 = 1_800;

/// The operator's account there. Cheap to clone.
#[derive(Clone)]
pub struct ElevenLabs {
    outbound: Outbound,
    url: Url,
    key: HeaderValue,
}

/// What an account has used.
#[derive(Debug, Default)]
pub(super) struct Used {
    /// Seconds of talk, those under way among them.
    pub(super) seconds: i64,
    /// The ids of its conversations.
    pub(super) conversations: HashSet<String>,
}

#[derive(Deserialize)]
pub(super) struct Page {
    conversations: Vec<Conversation>,
    #[serde(default)]
    has_more: bool,
    #[serde(default)]
    next_cursor: Option<String>,
}

#[derive(Deserialize)]
struct Conversation {
    #[serde(rename = "conversation_id")]
    id: String,
    start_time_unix_secs: i64,
    call_duration_secs: f64,
    #[serde(default)]
    status: Option<String>,
}

impl Conversation {
    /// Seconds of talk until `now`.
    fn seconds(&self, now: i64) -> i64 {
        #[expect(clippy::cast_possible_truncation, reason = "it saturates")]
        let told = (self.call_duration_secs.ceil() as i64).max(0);
        let elapsed = now.saturating_sub(self.start_time_unix_secs);
        let is_going_on = matches!(self.status.as_deref(), Some("initiated" | "in-progress"));
        if is_going_on && (0..=UNDER_WAY).contains(&elapsed) { told.max(elapsed) } else { told }
    }
}

impl ElevenLabs {
    /// At `https://api.elevenlabs.io`, or where else that API is. Fails if the key cannot be a header.
    pub fn new(outbound: Outbound, url: Url, key: &str) -> Result<Self, InvalidHeaderValue> {
        let mut key = HeaderValue::from_str(key)?;
        key.set_sensitive(true);
        Ok(Self { outbound, url, key })
    }

    /// What `name` has used in the window that ends `now`, in seconds since the epoch. Whoever has had all conversations that there are
    /// is not counted further.
    pub(super) async fn used(&self, name: &str, now: i64) -> Result<Used, Failure> {
        let since = now.saturating_sub(WINDOW.as_secs().cast_signed()).to_string();
        let (mut used, mut cursor) = (Used::default(), None::<String>);
        for _ in 0..MAX_PAGES {
            let mut url = self.endpoint("conversations");
            url.query_pairs_mut()
                .extend_pairs([("user_id", name), ("call_start_after_unix", &since), ("page_size", PAGE)])
                .extend_pairs(cursor.as_deref().map(|cursor| ("cursor", cursor)));
            let page: Page = self.ask(&url, MAX_PAGE).json().await?;
            let (has_more, next) = (page.has_more, page.next_cursor.clone());
            used.add(page, now);
            let is_enough = i64::try_from(used.conversations.len()).is_ok_and(|count| count >= CONVERSATIONS);
            if is_enough || !has_more {
                return Ok(used);
            }
            cursor = Some(next.ok_or(Failure::Incomplete)?);
        }
        Err(Failure::Incomplete)
    }

    /// A ticket for `name` to talk to an agent once.
    pub(super) async fn ticket(&self, name: &str, agent: &str) -> Result<Ticket, Failure> {
        let mut url = self.endpoint("conversation/token");
        url.query_pairs_mut().extend_pairs([("agent_id", agent), ("participant_name", name)]);
        Ok(self.ask(&url, MAX_TICKET).json().await?)
    }

    fn ask(&self, url: &Url, max_bytes: usize) -> RequestBuilder<'_> {
        let request = self.outbound.request(Method::GET, url).redirects(Redirects::None);
        request.header(API_KEY, self.key.clone()).timeout(ANSWER).max_bytes(max_bytes)
    }

    fn endpoint(&self, path: &str) -> Url {
        let mut url = self.url.clone();
        url.set_path(&format!("{}/v1/convai/{path}", self.url.path().trim_end_matches('/')));
        url
    }
}

impl Used {
    /// A conversation that is on two pages is one.
    pub(super) fn add(&mut self, page: Page, now: i64) {
        for conversation in page.conversations {
            let seconds = conversation.seconds(now);
            if self.conversations.insert(conversation.id) {
                self.seconds = self.seconds.saturating_add(seconds);
            }
        }
    }
}

impl fmt::Debug for ElevenLabs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ElevenLabs({})", self.url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(json: &str) -> i64 {
        let mut used = Used::default();
        used.add(serde_json::from_str(json).unwrap(), 10_000);
        used.seconds
    }

    #[test]
    fn talk_under_way_counts_by_the_clock_and_what_never_began_does_not() {
        let one = |start: i64, duration: &str, status: &str| {
            seconds(&format!(
                r#"{{"conversations":[{{"conversation_id":"a","start_time_unix_secs":{start},
                "call_duration_secs":{duration},"status":"{status}"}}],"has_more":false}}"#
            ))
        };
        assert_eq!(one(9_000, "7", "done"), 7);
        assert_eq!(one(9_000, "7.2", "processing"), 8);
        assert_eq!(one(9_000, "7", "in-progress"), 1_000);
        assert_eq!(one(8_000, "7", "initiated"), 7, "it is too long ago");
        assert_eq!(one(11_000, "7", "initiated"), 7, "it has not begun");
        assert_eq!(one(0, "-5", "done"), 0);
        assert_eq!(one(0, "1e300", "done"), i64::MAX);
    }

    #[test]
    fn the_same_conversation_counts_once() {
        let one = r#"{"conversation_id":"a","start_time_unix_secs":1,"call_duration_secs":5}"#;
        assert_eq!(seconds(&format!(r#"{{"conversations":[{one},{one}]}}"#)), 5);
    }

    proptest::proptest! {
        #[test]
        fn no_time_is_too_strange(start: i64, duration: f64, now: i64) {
            let conversation = Conversation {
                id: String::new(),
                start_time_unix_secs: start,
                call_duration_secs: duration,
                status: Some("in-progress".to_owned()),
            };
            proptest::prop_assert!(conversation.seconds(now) >= 0);
        }
    }
}
