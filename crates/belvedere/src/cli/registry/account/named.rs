//! Which account is meant on the command line.

use anyhow::Result;
use repos::{LocalAccount, LocalAccounts};

use crate::failure::Failure;

/// The account of a handle or DID.
pub(in crate::cli::registry) async fn find(named: &str, accounts: &LocalAccounts) -> Result<LocalAccount> {
    let name = named.strip_prefix('@').unwrap_or(named).to_ascii_lowercase();
    let is_it = |account: &LocalAccount| {
        account.handle.as_str().eq_ignore_ascii_case(&name) || account.did.as_str() == name
    };
    let missing = || {
        Failure::new(
            format!("there is no account {named} at home here"),
            "`belvedere registry account list` shows those there are; `belvedere registry account add` makes one",
        )
    };
    Ok(accounts.list().await?.into_iter().find(is_it).ok_or_else(missing)?)
}
