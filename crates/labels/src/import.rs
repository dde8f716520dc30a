//! Taking over the labelers that another server listens to.

use atproto::Did;
use clock::now_micros;
use events::kinds;
use store::v;

use crate::{Error, LabelerStatus, Labelers};

/// A labeler as another server kept it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedLabeler {
    /// Its DID.
    pub did: Did,
    /// Whether it is listened to.
    pub status: LabelerStatus,
    /// When it was added, in microseconds.
    pub created_at: Option<i64>,
    /// When its status changed last, in microseconds.
    pub updated_at: Option<i64>,
}

impl Labelers {
    /// Takes over a labeler; one that is here already stays as it is. Whether it is new. What it has said so far is heard
    /// again from the start.
    pub async fn import(&self, new: ImportedLabeler) -> Result<bool, Error> {
        const SQL: &str = "
            INSERT INTO labelers (did, status, created_at, updated_at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (did) DO NOTHING";
        let created_at = new.created_at.unwrap_or_else(now_micros);
        let updated_at = new.updated_at.unwrap_or(created_at);
        let (name, status) = (new.did.to_string(), new.status);
        let insert = move |conn: &mut store::Conn<'_>| {
            conn.execute(SQL, &[v(&name), v(status.code()), v(created_at), v(updated_at)])
        };
        let is_new = self.state.write(insert).await? == 1;
        if is_new {
            self.report(kinds::LABELER_ADDED, &new.did, None, Some(status));
            self.wake();
        }
        Ok(is_new)
    }
}
