//! `access-key-get`.

use serde::Deserialize;
use serde_json::json;

use crate::Error;
use crate::access_keys::find;
use crate::socket::dispatch::Incoming;
use crate::wire::Label;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Which {
    session_id: Label,
    machine_id: Label,
}

pub(in crate::socket) fn get(mut event: Incoming<'_>) {
    let (ack, connection) = (event.ack(), event.connection.clone());
    let which = event.data::<Which>().filter(|it| !it.session_id.is_empty() && !it.machine_id.is_empty());
    let Some(Which { session_id, machine_id }) = which else {
        let error = "Invalid parameters: sessionId and machineId are required";
        return ack.send(&json!({ "ok": false, "error": error }));
    };
    event.run(async move {
        let account = connection.account.clone();
        let read = move |conn: &mut store::Conn<'_>| find(conn, &account, &session_id, &machine_id);
        ack.send(&match connection.services.relay.read(read).await {
            Ok(access_key) => json!({ "ok": true, "accessKey": access_key }),
            Err(error @ Error::NotFound(_)) => json!({ "ok": false, "error": error.to_string() }),
            Err(error) => {
                tracing::error!(%error, "an access key could not be read");
                json!({ "ok": false, "error": "Internal error" })
            }
        });
    });
}
