//! `db.get`.

use atproto::AtUri;
use records::Record;

use crate::{Error, Find, Found};

impl Find {
    /// The record with this AT URI. A text that names no record by a DID names none that is here.
    pub async fn get(&self, uri: &str) -> Result<Option<Found>, Error> {
        let Some((did, collection, rkey)) = AtUri::record_name(uri) else { return Ok(None) };
        self.index
            .read_brief(move |conn| {
                let record = Record::find(conn, &did, &collection, &rkey)?;
                Ok(record.map(|Record { uri, cid, json, .. }| Found { uri, did: did.to_string(), cid, json }))
            })
            .await
    }
}
