//! A push service that speaks as Expo's does (spec/sync.md §2.9): asked once for all devices of an account.

use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;

use http::Method;
use outbound::Outbound;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::Url;

/// For everything.
const TIMEOUT: Duration = Duration::from_secs(8);

/// The largest answer: a short sentence for each device.
const MAX_ANSWER: usize = 256 * 1024;

/// Where notifications are sent. Cheap to clone.
#[derive(Clone)]
pub struct PushService {
    /// The way out.
    pub outbound: Outbound,
    /// Takes what is to be sent: `https://exp.host/--/api/v2/push/send`.
    pub url: Url,
}

impl fmt::Debug for PushService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PushService({})", self.url)
    }
}

/// What a device is told.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Message<'a> {
    to: &'a str,
    title: &'a str,
    body: &'a str,
    data: &'a Map<String, Value>,
    sound: &'static str,
    channel_id: &'static str,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    data: Vec<Ticket>,
}

#[derive(Deserialize)]
struct Ticket {
    status: String,
    #[serde(default)]
    message: Option<String>,
    #[serde(default)]
    details: Option<Details>,
}

#[derive(Deserialize)]
struct Details {
    #[serde(default)]
    error: Option<String>,
}

/// What became of a notification.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Delivery {
    /// Devices that were told.
    pub(super) delivered: usize,
    /// Devices that are there no more.
    pub(super) gone: Vec<String>,
    /// Why others were not told.
    pub(super) reasons: BTreeSet<String>,
}

impl PushService {
    /// Tells the devices with these tokens, and never fails: why something was not told is part of the answer.
    pub(super) async fn send(
        &self,
        tokens: Vec<String>,
        title: &str,
        body: &str,
        data: &Map<String, Value>,
    ) -> Delivery {
        let message = |to| Message { to, title, body, data, sound: "default", channel_id: "messages" };
        let messages: Vec<_> = tokens.iter().map(|token| message(token.as_str())).collect();
        match self.ask(&messages).await {
            Ok(tickets) => settle(tokens, tickets),
            Err(reason) => Delivery { reasons: BTreeSet::from([reason]), ..Delivery::default() },
        }
    }

    async fn ask(&self, messages: &[Message<'_>]) -> Result<Vec<Ticket>, String> {
        let body = serde_json::to_vec(messages).map_err(|error| error.to_string())?;
        let request = self.outbound.request(Method::POST, &self.url).accept("application/json");
        let request = request.body("application/json", body).timeout(TIMEOUT).max_bytes(MAX_ANSWER);
        let answer = request.send().await.map_err(|error| {
            tracing::debug!(%error, "the push service was not reached");
            "Network error".to_owned()
        })?;
        if !answer.status.is_success() {
            return Err(format!("HTTP {}", answer.status.as_u16()));
        }
        answer.json::<Answer>().map(|answer| answer.data).map_err(|_| "Unknown answer".to_owned())
    }
}

/// Tickets come in the order of messages.
fn settle(tokens: Vec<String>, tickets: Vec<Ticket>) -> Delivery {
    let mut delivery = Delivery::default();
    let missing = tokens.len().saturating_sub(tickets.len());
    for (token, ticket) in tokens.into_iter().zip(tickets) {
        if ticket.status == "ok" {
            delivery.delivered += 1;
            continue;
        }
        let error = ticket.details.and_then(|details| details.error);
        if error.as_deref() == Some("DeviceNotRegistered") {
            delivery.gone.push(token);
        }
        let reason = error.or(ticket.message).unwrap_or_else(|| "Unknown error".to_owned());
        delivery.reasons.insert(reason.chars().take(200).collect());
    }
    if missing > 0 {
        delivery.reasons.insert("Unknown answer".to_owned());
    }
    delivery
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_whatever_they_are() {
        let tokens = || ["a", "b", "c"].map(str::to_owned).to_vec();
        let read = |json: &str| settle(tokens(), serde_json::from_str::<Answer>(json).unwrap().data);
        let all =
            read(r#"{"data":[{"status":"ok"},{"status":"ok","id":"x"},{"status":"ok"},{"status":"ok"}]}"#);
        assert_eq!(all, Delivery { delivered: 3, ..Delivery::default() });
        let some = read(
            r#"{"data":[{"status":"ok"},{"status":"error","details":{"error":"DeviceNotRegistered"}},
                {"status":"error","message":"no"}]}"#,
        );
        let reasons = ["DeviceNotRegistered", "no"].map(str::to_owned).into();
        assert_eq!(some, Delivery { delivered: 1, gone: vec!["b".to_owned()], reasons });
        let none = read("{}");
        assert_eq!((none.delivered, none.reasons.len()), (0, 1));
    }
}
