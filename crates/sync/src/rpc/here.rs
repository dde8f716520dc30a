//! A call to a socket of this instance.

use serde_json::{Value, json};

use super::Failure;
use crate::live::Callee;

/// What the socket answers, while it does.
pub(crate) async fn call_here(callee: &Callee, method: &str, params: &Value) -> Result<Value, Failure> {
    callee.listener.begun.cancelled().await;
    let request = json!({ "method": method, "params": params });
    let answer = callee.listener.socket.emit_with_ack::<_, Value>("rpc-request", &request);
    let answer = answer.map_err(|_| Failure::Disconnected)?;
    tokio::select! {
        answer = answer => answer.map_err(|_| Failure::TimedOut),
        () = callee.ended.cancelled() => Err(Failure::Disconnected),
    }
}
