//! Removing a lexicon. Records that were indexed for it stay.

use atproto::Nsid;
use events::kinds;
use store::v;

use super::{Lexicons, Source, catalogue_version};
use crate::Error;

impl Lexicons {
    /// Removes the lexicon with this NSID; whether there was one.
    pub async fn remove(&self, id: &str) -> Result<bool, Error> {
        self.remove_from(id, &[Source::Manual, Source::Network]).await
    }

    /// Removes the lexicon with this NSID if it is a network lexicon; whether it was.
    pub async fn remove_network(&self, id: &str) -> Result<bool, Error> {
        self.remove_from(id, &[Source::Network]).await
    }

    async fn remove_from(&self, id: &str, sources: &'static [Source]) -> Result<bool, Error> {
        let Ok(id) = Nsid::parse(id) else { return Ok(false) };
        let nsid = id.clone();
        let removed = self
            .state
            .write(move |conn| {
                catalogue_version::lock(conn)?;
                for source in sources {
                    let sql = "DELETE FROM appview_lexicons WHERE id = $1 AND source = $2 RETURNING revision";
                    let params = [v(id.as_str()), v(source.as_str())];
                    if let Some(revision) = conn.query_opt(sql, &params, |row| row.int(0))? {
                        catalogue_version::next(conn)?;
                        return Ok::<_, store::Error>(Some((revision, *source)));
                    }
                }
                Ok(None)
            })
            .await?;
        if let Some((revision, source)) = removed {
            self.record(kinds::LEXICON_DELETED, nsid.as_str(), revision, source);
        }
        Ok(removed.is_some())
    }
}
