//! The app through which somebody signs in.

use serde_json::from_str;
use store::v;

use super::SignIn;
use crate::pds::PdsError;

/// What counts of an API client when its user signs in on our pages.
#[derive(Clone, Debug)]
pub(super) struct App {
    /// What the browser's session will carry.
    pub(super) client_key: String,
    /// Where the app says that its users may be sent.
    pub(super) redirect_uris: Vec<String>,
    /// Its home page.
    pub(super) client_uri: String,
}

impl SignIn {
    /// The active API client with this OAuth client id. Not one below another: anybody with an account can register those,
    /// under any id that is free, and would have our pages lead wherever they like.
    pub(super) async fn app(&self, client_id: &str) -> Result<Option<App>, PdsError> {
        let client_id = client_id.to_owned();
        let found = self.parts.state.read(move |conn| {
            conn.query_opt::<_, store::Error>(
                "SELECT client_key, redirect_uris, client_uri FROM api_clients \
                 WHERE client_id_url = $1 AND is_active = 1 AND parent_client_id IS NULL",
                &[v(&client_id)],
                |row| {
                    let redirect_uris = from_str(row.text(1)?).unwrap_or_default();
                    Ok(App { client_key: row.string(0)?, redirect_uris, client_uri: row.string(2)? })
                },
            )
        });
        Ok(found.await?)
    }
}
