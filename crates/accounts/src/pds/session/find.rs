//! Which sessions apps have registered.

use atproto::Did;
use store::v;

use super::{PdsSessions, SessionInfo};
use crate::pds::PdsError;

impl PdsSessions {
    /// The sessions of an account that were registered through an API client, newest first: one for each device.
    pub async fn devices(&self, api_client_id: &str, did: &Did) -> Result<Vec<SessionInfo>, PdsError> {
        let (client, did) = (api_client_id.to_owned(), did.clone());
        let found = self.shared.state.read(move |conn| {
            let sql = format!(
                "SELECT {} FROM pds_sessions WHERE api_client_id = $1 AND did = $2 ORDER BY created_at DESC, id DESC",
                SessionInfo::COLUMNS
            );
            conn.query::<_, store::Error>(&sql, &[v(&client), v(did.as_str())], SessionInfo::read)
        });
        Ok(found.await?)
    }
}
