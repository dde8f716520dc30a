//! Accounts: created, renamed, taken away.

use super::Network;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// An account on a PDS of the network.
#[derive(Clone, Debug, Deserialize)]
pub struct Account {
    /// `did:plc:…`
    pub did: String,
    /// The handle when this was asked for.
    pub handle: String,
    /// For [`Network::create_session`] and OAuth.
    pub password: String,
    /// The URL of its PDS.
    pub pds: String,
    /// Whether its repository is served; false after deactivation, takedown or deletion.
    #[serde(default = "yes")]
    pub active: bool,
}

fn yes() -> bool {
    true
}

/// What can happen to an account.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum AccountAction {
    /// By its owner; undone by [`Activate`](Self::Activate).
    Deactivate,
    /// By its owner.
    Activate,
    /// By the PDS's operator; undone by [`Untakedown`](Self::Untakedown).
    Takedown,
    /// By the PDS's operator.
    Untakedown,
    /// For good.
    Delete,
}

impl Network {
    /// Creates an account with the handle, which must end in `.test`.
    pub async fn create_account(&self, handle: &str) -> Account {
        let mut accounts: Vec<Account> = self.tell("/accounts", &json!({ "handle": handle })).await;
        accounts.pop().unwrap_or_else(|| panic!("no account {handle} was made"))
    }

    /// Creates accounts with the next handles of the form `user0000.test`.
    pub async fn create_accounts(&self, count: usize) -> Vec<Account> {
        self.tell("/accounts", &json!({ "count": count })).await
    }

    /// All accounts, in the order in which they were made.
    pub async fn accounts(&self) -> Vec<Account> {
        self.ask("/accounts?limit=1000000").await
    }

    /// Changes the status of an account.
    pub async fn set_status(&self, did: &str, action: AccountAction) {
        let _: Value = self.tell("/accounts/status", &json!({ "account": did, "action": action })).await;
    }

    /// Changes the handle of an account, with its DNS record.
    pub async fn set_handle(&self, did: &str, handle: &str) {
        let _: Value = self.tell("/accounts/handle", &json!({ "account": did, "handle": handle })).await;
    }
}
