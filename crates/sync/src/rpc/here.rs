//! A call to a socket of this instance.

use serde_json::{Value, json};

use super::Failure;
use crate::live::Listener;

/// What the socket answers.
pub(crate) async fn call_here(callee: &Listener, method: &str, params: &Value) -> Result<Value, Failure> {
    callee.begun.cancelled().await;
    let request = json!({ "method": method, "params": params });
    let answer = callee.socket.emit_with_ack::<_, Value>("rpc-request", &request);
    let answer = answer.map_err(|_| Failure::Disconnected)?;
    tokio::select! {
        answer = answer => answer.map_err(|_| Failure::TimedOut),
        () = callee.gone.cancelled() => Err(Failure::Disconnected),
    }
}
