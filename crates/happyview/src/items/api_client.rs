//! API clients.

use time::OffsetDateTime;

use crate::EncryptionKey;
use crate::plan::{Order, Plan, Related};
use crate::row::{Problem, Row};

pub(crate) const PLAN: Plan = Plan {
    related: &[Related {
        name: "parent",
        table: "api_clients",
        columns: &["client_key"],
        by: "id",
        of: "parent_client_id",
    }],
    order: &[Order::NullFirst("parent_client_id"), Order::By("created_at"), Order::By("id")],
    ..Plan::new(
        "api_clients",
        &[
            "client_key",
            "id",
            "client_secret_hash",
            "name",
            "client_id_url",
            "client_uri",
            "redirect_uris",
            "scopes",
            "client_type",
            "allowed_origins",
            "rate_limit_capacity",
            "rate_limit_refill_rate",
            "is_active",
            "created_by",
            "parent_client_id",
            "owner_did",
            "created_at",
            "updated_at",
        ],
    )
};

/// An app that acts for its users through the server.
#[derive(Clone, Debug, PartialEq)]
pub struct ApiClient {
    /// The row id.
    pub id: String,
    /// Its public name, `hvc_…`.
    pub client_key: String,
    /// SHA-256 of its secret, in hex.
    pub client_secret_hash: Option<String>,
    /// For people.
    pub name: String,
    /// Its OAuth client id.
    pub client_id_url: String,
    /// Where the app is.
    pub client_uri: String,
    /// Where its users may be sent.
    pub redirect_uris: Vec<String>,
    /// The most that its sessions may have; none: `atproto`.
    pub scopes: Option<String>,
    /// `confidential` or `public`; none: `confidential`.
    pub client_type: Option<String>,
    /// Origins of pages that may use it; none: not restricted.
    pub allowed_origins: Option<Vec<String>>,
    /// Tokens of its rate limit.
    pub rate_limit_capacity: Option<i64>,
    /// Tokens per second.
    pub rate_limit_refill_rate: Option<f64>,
    /// Whether it can be used.
    pub is_active: bool,
    /// The DID of whoever made it.
    pub created_by: Option<String>,
    /// The key of the client through which it was made.
    pub parent_client_key: Option<String>,
    /// The DID whose it is, if it has a parent.
    pub owner_did: Option<String>,
    /// When it was made.
    pub created_at: Option<OffsetDateTime>,
    /// When it last changed.
    pub updated_at: Option<OffsetDateTime>,
}

impl ApiClient {
    pub(crate) fn read(row: &Row, _: Option<&EncryptionKey>) -> Result<Self, Problem> {
        let parent = row.related::<1>("parent")?.into_iter().find_map(|[key]| key);
        if parent.is_none() && row.opt_text("parent_client_id")?.is_some() {
            return Err(Problem("the client through which it was made is not there".to_owned()));
        }
        Ok(Self {
            id: row.text("id")?,
            client_key: row.text("client_key")?,
            client_secret_hash: row.opt_text("client_secret_hash")?,
            name: row.text("name")?,
            client_id_url: row.text("client_id_url")?,
            client_uri: row.text("client_uri")?,
            redirect_uris: row.opt_list("redirect_uris")?.unwrap_or_default(),
            scopes: row.opt_text("scopes")?,
            client_type: row.opt_text("client_type")?,
            allowed_origins: row.opt_list("allowed_origins")?,
            rate_limit_capacity: row.opt_int("rate_limit_capacity")?,
            rate_limit_refill_rate: row.opt_real("rate_limit_refill_rate")?,
            is_active: row.bool("is_active", true)?,
            created_by: row.opt_text("created_by")?,
            parent_client_key: parent,
            owner_did: row.opt_text("owner_did")?,
            created_at: row.moment("created_at"),
            updated_at: row.moment("updated_at"),
        })
    }
}
