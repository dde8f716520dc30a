//! Accounts that several people write to.

use time::OffsetDateTime;

use crate::plan::{Order, Plan, Related};
use crate::row::{Problem, Row};
use crate::{EncryptionKey, moment};

pub(crate) const PLAN: Plan = Plan {
    related: &[
        Related {
            name: "client",
            table: "api_clients",
            columns: &["client_key"],
            by: "id",
            of: "api_client_id",
        },
        Related {
            name: "delegates",
            table: "account_delegates",
            columns: &["user_did", "role", "granted_by", "created_at"],
            by: "account_did",
            of: "account_did",
        },
    ],
    order: &[Order::By("account_did")],
    ..Plan::new("delegated_accounts", &["account_did", "linked_by", "api_client_id", "created_at"])
};

/// A shared account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DelegatedAccount {
    /// Which.
    pub account_did: String,
    /// The key of the client that it is shared in.
    pub client_key: String,
    /// Who shared it.
    pub linked_by: String,
    /// Who may write to it.
    pub delegates: Vec<Delegate>,
    /// When it was shared.
    pub created_at: Option<OffsetDateTime>,
}

/// Somebody who may write to a shared account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delegate {
    /// Who.
    pub user_did: String,
    /// `owner`, `admin` or `member`.
    pub role: String,
    /// Who let them.
    pub granted_by: Option<String>,
    /// When that was.
    pub created_at: Option<OffsetDateTime>,
}

impl DelegatedAccount {
    pub(crate) fn read(row: &Row, _: Option<&EncryptionKey>) -> Result<Self, Problem> {
        let client = row.related::<1>("client")?.into_iter().find_map(|[key]| key);
        let delegates = row.related::<4>("delegates")?.into_iter().map(|[user, role, granted_by, at]| {
            Some(Delegate {
                user_did: user?,
                role: role?,
                granted_by,
                created_at: at.and_then(|at| moment::parse(&at)),
            })
        });
        let delegates = delegates.collect::<Option<_>>();
        Ok(Self {
            account_did: row.text("account_did")?,
            client_key: client
                .ok_or_else(|| Problem("it is shared in a client that is not there".to_owned()))?,
            linked_by: row.text("linked_by")?,
            delegates: delegates
                .ok_or_else(|| Problem("one of its delegates has no DID or role".to_owned()))?,
            created_at: row.moment("created_at"),
        })
    }
}
