//! Removing an artifact.

use std::sync::Arc;

use serde_json::json;
use store::v;

use crate::Error;
use crate::kept::of_artifact;
use crate::updates::{Audience, Tx};

pub(crate) fn delete(tx: &mut Tx<'_, '_>, account: &Arc<str>, id: &str) -> Result<(), Error> {
    let sql =
        concat!("DELETE FROM sync_artifacts WHERE id = $1 AND account_id = $2 RETURNING ", of_artifact!());
    let bytes = tx.conn.query_opt(sql, &[v(id), v(&**account)], |row| row.int(0))?;
    tx.keep(account, -bytes.ok_or(Error::NotFound("Artifact"))?);
    tx.tell(account, Audience::Users, &json!({ "t": "delete-artifact", "artifactId": id }))
}
