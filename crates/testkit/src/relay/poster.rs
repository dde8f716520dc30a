//! Somebody who adds messages to a session, and says each again until it is known to be there.

use std::sync::Mutex;
use std::time::Duration;

use serde_json::json;
use tokio::time::sleep;

use super::storm::{Stage, lock};

/// Before saying it again.
const PAUSE: Duration = Duration::from_millis(20);

/// Which messages of which poster are there.
pub(super) type Posted = Mutex<Vec<u64>>;

/// Messages are named by a number: the poster's and its own.
const NAMES: u64 = 1_000_000_000;

/// Until the end of the storm, and so many messages in any case.
pub(super) async fn post(stage: &Stage, number: u64, at_least: u64, posted: &Posted) {
    let servers = stage.clients.len();
    for count in 0.. {
        if count >= at_least && stage.calm.is_cancelled() {
            return;
        }
        let name = number * NAMES + count;
        let body = json!({ "messages": [{ "localId": name.to_string(), "content": stage.content }] });
        let mut attempt = usize::try_from(name).unwrap_or(0);
        let seq = loop {
            // With several servers, the next one is asked when one has gone.
            let client = &stage.clients[attempt % servers];
            attempt += 1;
            let request = client.request(reqwest::Method::POST, &stage.messages()).json(&body);
            match client.try_send(request).await {
                Ok(answer) if answer.status == 200 => break answer.json()["messages"][0]["seq"].clone(),
                Ok(answer) => return stage.fault(format!("a post: {} {}", answer.status, answer.text)),
                Err(_) => sleep(PAUSE).await,
            }
        };
        match seq.as_u64() {
            Some(_) => lock(posted).push(name),
            None => return stage.fault(format!("the number of message {name} is {seq}")),
        }
    }
}
