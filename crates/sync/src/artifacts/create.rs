//! Making an artifact; its id is the client's choice.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use store::v;

use super::artifact::{Artifact, Rest, columns};
use crate::Error;
use crate::kept::size;
use crate::limits::{MAX_ARTIFACTS, count};
use crate::updates::{Audience, Tx};
use crate::wire::{Label, Opaque, strict};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NewArtifact {
    pub(crate) id: Label,
    header: Opaque,
    body: Opaque,
    data_encryption_key: Opaque,
}

#[derive(Serialize)]
#[serde(tag = "t", rename = "new-artifact", rename_all = "camelCase")]
struct Told<'a> {
    artifact_id: &'a str,
    #[serde(flatten)]
    rest: &'a Rest,
}

/// The account's artifact of that id, made if there is none.
pub(crate) fn create(tx: &mut Tx<'_, '_>, account: &Arc<str>, new: &NewArtifact) -> Result<Artifact, Error> {
    let found = tx.conn.query_opt(
        concat!("SELECT ", columns!(), ", account_id FROM sync_artifacts WHERE id = $1"),
        &[v(&*new.id)],
        |row| Ok::<_, Error>((Artifact::load(row)?, row.string(9)?)),
    )?;
    match found {
        Some((artifact, owner)) if *owner == **account => return Ok(artifact),
        Some(_) => return Err(Error::Conflict("Artifact with this ID already exists for another account")),
        None => {}
    }
    let artifacts = "SELECT COUNT(*) FROM sync_artifacts WHERE account_id = $1";
    if count(tx.conn, artifacts, account)? >= MAX_ARTIFACTS {
        return Err(Error::Full("artifacts"));
    }
    let bytes = |text: &str| strict(text).ok_or(Error::Invalid("Not base64"));
    let (header, body) = (bytes(&new.header)?, bytes(&new.body)?);
    let key = bytes(&new.data_encryption_key)?;
    let artifact = tx.conn.query_one(
        concat!(
            "INSERT INTO sync_artifacts (id, account_id, header, body, data_key, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $6) RETURNING ",
            columns!()
        ),
        &[v(&*new.id), v(&**account), v(&header), v(&body), v(&key), v(tx.now)],
        Artifact::load,
    )?;
    tx.keep(account, size(&header) + size(&body) + size(&key));
    tx.tell(account, Audience::Users, &Told { artifact_id: &new.id, rest: &artifact.rest })?;
    Ok(artifact)
}
