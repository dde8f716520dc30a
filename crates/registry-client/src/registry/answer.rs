//! What a registry says when it does not do what it is asked.

use http::StatusCode;
use outbound::Incoming;
use serde::Deserialize;

use super::Registry;
use crate::{Error, limits};

/// Bytes of what it says that are read: an answer that should have been a layer may be as long as one.
const READ: usize = 64 << 10;

/// Characters of what it says that are repeated.
const SHOWN: usize = 200;

#[derive(Deserialize)]
struct Errors {
    errors: Vec<One>,
}

#[derive(Deserialize)]
struct One {
    #[serde(default)]
    code: String,
    #[serde(default)]
    message: String,
}

impl Registry {
    /// The error that an answer is.
    pub(super) async fn refused(&self, action: &str, answer: Incoming) -> Error {
        let status = answer.status();
        let body = beginning(answer).await;
        let said: Option<Errors> = serde_json::from_slice(&body).ok();
        let said = said.and_then(|said| said.errors.into_iter().next());
        let said = said.map(|said| if said.message.is_empty() { said.code } else { said.message });
        let message = shown(&said.unwrap_or_else(|| String::from_utf8_lossy(&body).into_owned()));
        let (host, action) = (self.host(), action.to_owned());
        match status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Error::Denied { host, action, message },
            _ => Error::Status { host, action, status, message },
        }
    }
}

/// What came of it until there was enough, or no more.
async fn beginning(mut answer: Incoming) -> Vec<u8> {
    let mut body = Vec::new();
    let reading = async {
        while body.len() < READ
            && let Ok(Some(piece)) = answer.chunk().await
        {
            body.extend_from_slice(&piece);
        }
    };
    // The time for a layer is not the time for a refusal.
    _ = tokio::time::timeout(limits::PAUSE, reading).await;
    body.truncate(READ);
    body
}

/// Short, in one line, and nothing that does something to a terminal.
fn shown(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(SHOWN).collect();
    if text.trim().is_empty() { "it does not say why".to_owned() } else { text.trim().to_owned() }
}
