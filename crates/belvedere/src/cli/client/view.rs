//! A client as commands print it.

use std::io::{self, Write};

use accounts::clients::{ApiClient, ClientType};
use serde::Serialize;

use crate::output::{Answer, Facts, moment};

/// The fields of the admin API.
#[derive(Serialize)]
pub(super) struct ClientView {
    pub(super) id: String,
    pub(super) client_key: String,
    pub(super) name: String,
    client_id_url: String,
    client_uri: String,
    redirect_uris: Vec<String>,
    scopes: String,
    pub(super) client_type: ClientType,
    allowed_origins: Option<Vec<String>>,
    rate_limit_capacity: Option<u32>,
    rate_limit_refill_rate: Option<f64>,
    is_active: bool,
    created_by: Option<String>,
    created_at: String,
    updated_at: String,
    parent_client_id: Option<String>,
    owner_did: Option<String>,
}

impl ClientView {
    pub(super) fn state(&self) -> &'static str {
        if self.is_active { "active" } else { "inactive" }
    }
}

impl From<ApiClient> for ClientView {
    fn from(client: ApiClient) -> Self {
        Self {
            id: client.id,
            client_key: client.client_key,
            name: client.name,
            client_id_url: client.client_id_url,
            client_uri: client.client_uri,
            redirect_uris: client.redirect_uris,
            scopes: client.scopes,
            client_type: client.client_type,
            allowed_origins: client.allowed_origins,
            rate_limit_capacity: client.rate_limit_capacity,
            rate_limit_refill_rate: client.rate_limit_refill_rate,
            is_active: client.is_active,
            created_by: client.created_by,
            created_at: moment(client.created_at),
            updated_at: moment(client.updated_at),
            parent_client_id: client.parent_client_id,
            owner_did: client.owner_did,
        }
    }
}

impl Answer for ClientView {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        let or_default = |number: Option<String>| number.unwrap_or_else(|| "the server's default".to_owned());
        let facts = Facts::default()
            .fact("name", &self.name)
            .fact("id", &self.id)
            .fact("client key", &self.client_key)
            .fact("type", self.client_type)
            .fact("state", self.state())
            .fact("client id URL", &self.client_id_url)
            .fact("client URI", &self.client_uri)
            .list("redirect URIs", &self.redirect_uris, "none")
            .fact("scopes", &self.scopes)
            .list("allowed origins", self.allowed_origins.iter().flatten(), "any")
            .fact("rate limit", or_default(self.rate_limit_capacity.map(|tokens| format!("{tokens} tokens"))))
            .fact(
                "refill rate",
                or_default(self.rate_limit_refill_rate.map(|rate| format!("{rate} per second"))),
            )
            .fact("created by", self.created_by.as_deref().unwrap_or("the command line"))
            .fact("created", &self.created_at)
            .fact("updated", &self.updated_at);
        let parent = self.parent_client_id.iter().fold(facts, |facts, id| facts.fact("made through", id));
        write!(to, "{}", self.owner_did.iter().fold(parent, |facts, did| facts.fact("owner", did)))
    }
}
