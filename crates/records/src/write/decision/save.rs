//! Saving a record here, whatever its author's repository has.

use atproto::{AtUri, Cid, Did, Nsid, RecordKey, RecordName};
use store::{Conn, v};

use super::Version;
use super::kept::{self, Kept, Reason, What};
use super::standing::{Standing, standing};
use crate::{Error, RecordAction, Records, RepoStatus, now_micros};

/// A record that is to be here.
#[derive(Clone, Debug)]
pub struct LocalRecord {
    /// Whose it counts as; anybody.
    pub did: Did,
    /// Where.
    pub collection: Nsid,
    /// Its key.
    pub rkey: RecordKey,
    /// A JSON object within the bounds of any record.
    pub json: String,
    /// Who decided that.
    pub by: String,
    /// If the key was made up for the effect of an event: a name for that effect. The effect again is the record that it
    /// made before, under the key of then.
    pub effect: Option<String>,
}

impl Records {
    /// Puts a record into the view, durably, in place of whatever is here of that name; its repository is not touched. Returns
    /// its key. The record is here until its author writes or deletes a record of this name, or
    /// somebody [deletes](Self::delete) it here. To save the same again changes nothing.
    ///
    /// It has no CID. When this returns, every read sees it.
    pub async fn save_local(&self, record: LocalRecord) -> Result<RecordKey, Error> {
        let kept = self.decide_to_save(record).await?;
        let rkey = kept.name.2.clone();
        self.carry_out(kept).await?;
        Ok(rkey)
    }

    pub(in crate::write) async fn decide_to_save(&self, record: LocalRecord) -> Result<Kept, Error> {
        let LocalRecord { did, collection, rkey, json, by, effect } = record;
        // Within the bounds of any record; as text, so that both engines make the same of it again.
        RecordAction::put(json.as_bytes(), None)?;
        let origin = effect.map(|effect| origin(&effect, &did, &collection));
        let rkey = match &origin {
            Some(origin) => self.rkey_of(origin.clone()).await?.unwrap_or(rkey),
            None => rkey,
        };
        let name = (did, collection, rkey);
        let row = self.row_to_save_over(&name).await?;
        if !row.as_ref().is_some_and(|row| row.is_local) {
            self.make_room().await?;
        }
        let version =
            row.map_or(Version { only_here: true, rev: 0, cid: None }, |Standing { version, .. }| version);
        let new = Kept { name, what: What::Saved(json), version, decided_at: now_micros() };
        let decide = move |conn: &mut Conn<'_>| {
            decide(conn, new.clone(), &Reason { by: &by, origin: origin.as_deref() })
        };
        Ok(self.state.write(decide).await?)
    }

    /// What the index has of that name. Of deleted accounts nothing is kept, so nothing is saved.
    async fn row_to_save_over(&self, name: &RecordName) -> Result<Option<Standing>, Error> {
        const STATUS: &str = "
            SELECT status FROM repos WHERE did = $1
            UNION ALL SELECT status FROM departures WHERE did = $1";
        let asked = name.clone();
        let (statuses, row) = self
            .index
            .read(move |conn| {
                let statuses = conn.query(STATUS, &[v(asked.0.as_str())], |row| row.int(0))?;
                Ok::<_, store::Error>((statuses, standing(conn, &asked)?))
            })
            .await?;
        if statuses.contains(&RepoStatus::Deleted.code()) {
            return Err(Error::AccountDeleted(name.0.clone()));
        }
        Ok(row)
    }

    /// The key of the record that an effect has made.
    async fn rkey_of(&self, origin: String) -> Result<Option<RecordKey>, Error> {
        const SQL: &str = "SELECT uri FROM local_decisions WHERE origin = $1";
        let read = move |conn: &mut Conn<'_>| {
            conn.query_opt::<_, store::Error>(SQL, &[v(&origin)], |row| row.string(0))
        };
        let uri = self.state.read(read).await?;
        Ok(uri.as_deref().and_then(AtUri::record_name).map(|(.., rkey)| rkey))
    }
}

/// Keeps the decision, unless it is kept already.
fn decide(conn: &mut Conn<'_>, mut new: Kept, reason: &Reason<'_>) -> Result<Kept, store::Error> {
    let before = kept::find(conn, &new.name)?;
    if let Some(before) = &before {
        // Whoever decided before knew of something newer, or is the last to remember a version that was left out.
        if before.version.rev > new.version.rev {
            new.version = before.version.clone();
        }
        if before.what == new.what && before.version == new.version {
            return Ok(before.clone());
        }
    }
    new.decided_at = kept::moment(before.as_ref(), new.decided_at);
    kept::keep(conn, &new, reason)?;
    Ok(new)
}

/// A digest that names an effect in its repository and collection, short however long they are.
fn origin(effect: &str, did: &Did, collection: &Nsid) -> String {
    Cid::dag_cbor_sha256(format!("{did} {collection} {effect}").as_bytes()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_effect_is_one_of_its_repository_and_collection() {
        let (did, other) = (Did::parse("did:plc:a").unwrap(), Did::parse("did:plc:b").unwrap());
        let (kind, second) = (Nsid::parse("com.example.a").unwrap(), Nsid::parse("com.example.b").unwrap());
        let first = origin("e#1", &did, &kind);
        assert_eq!(first, origin("e#1", &did, &kind));
        for another in
            [origin("e#2", &did, &kind), origin("e#1", &other, &kind), origin("e#1", &did, &second)]
        {
            assert_ne!(first, another);
        }
    }
}
