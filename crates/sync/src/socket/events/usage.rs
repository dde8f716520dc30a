//! `usage-report`.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::Error;
use crate::socket::connection::Connection;
use crate::socket::dispatch::Incoming;
use crate::updates::Audience;
use crate::usage::{Report, figures, save};
use crate::wire::{Label, millis};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Said {
    #[serde(default)]
    key: Value,
    #[serde(default)]
    session_id: Value,
    #[serde(default)]
    tokens: Value,
    #[serde(default)]
    cost: Value,
}

impl Said {
    fn check(self) -> Result<Report, &'static str> {
        let label = |value: Value| serde_json::from_value::<Label>(value).ok();
        let key = label(self.key).filter(|key| !key.is_empty()).ok_or("Invalid key")?;
        let tokens = figures(&self.tokens).ok_or("Invalid tokens object - must include total")?;
        let cost = figures(&self.cost).ok_or("Invalid cost object - must include total")?;
        let session_id = match self.session_id {
            Value::Null => None,
            value => Some(label(value).ok_or("Invalid sessionId")?).filter(|id| !id.is_empty()),
        };
        Ok(Report { key, session_id, tokens, cost })
    }
}

pub(in crate::socket) fn report(mut event: Incoming<'_>) {
    let (ack, connection) = (event.ack(), event.connection.clone());
    let report = event.data::<Said>().ok_or("Invalid key").and_then(Said::check);
    match report {
        Err(error) => ack.send(&json!({ "success": false, "error": error })),
        Ok(report) => event.run(async move { ack.send(&take_in(&connection, report).await) }),
    }
}

async fn take_in(connection: &Connection, report: Report) -> Value {
    let (account, saved) = (connection.account.clone(), report.clone());
    let relay = &connection.services.relay;
    match relay.write(&connection.account, move |tx| save(tx, &account, &saved)).await {
        Ok(saved) => {
            if let Some(session) = &report.session_id {
                let body = json!({
                    "type": "usage", "id": session, "key": report.key, "tokens": report.tokens,
                    "cost": report.cost, "timestamp": millis(clock::now_micros()),
                });
                relay.mention(&connection.account, &Audience::Users, &body);
            }
            json!({
                "success": true, "reportId": saved.id, "createdAt": saved.created_at,
                "updatedAt": saved.updated_at,
            })
        }
        Err(error @ (Error::NotFound(_) | Error::Invalid(_) | Error::Full(_))) => {
            json!({ "success": false, "error": error.to_string() })
        }
        Err(error) => {
            tracing::error!(%error, "a usage report was not stored");
            json!({ "success": false, "error": "Failed to save usage report" })
        }
    }
}
