//! `belvedere account revoke-tokens`

use std::io::{self, Write};

use anyhow::Result;
use clap::Args;
use events::{Event, EventLog, kinds};
use serde::Serialize;
use serde_json::json;
use sync::Operator;

use super::named;
use crate::output::{Answer, Output};

/// Make every token of an account good for nothing, for example when a device was stolen
///
/// Tokens of a server that it came from are among them. Devices that have the account's key sign in again; terminals are to be
/// let in again. A running server refuses the tokens within five seconds and closes their sockets within five minutes.
#[derive(Args, Debug)]
pub(super) struct RevokeTokens {
    /// The id that `belvedere account list` shows
    id: String,
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
struct Revoked {
    account: String,
    revoked: u64,
}

impl RevokeTokens {
    pub(super) async fn run(self, operator: &Operator, log: &EventLog) -> Result<()> {
        let account = named::find(&self.id, operator).await?.id;
        let revoked = operator.revoke_tokens(&account).await?;
        let detail = json!({ "tokens": revoked });
        log.record(Event::new(kinds::RELAY_ACCOUNT_TOKENS_REVOKED).subject(&account).detail(detail));
        Ok(self.output.print(&Revoked { account, revoked })?)
    }
}

impl Answer for Revoked {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        writeln!(to, "revoked {} tokens of {}", self.revoked, self.account)
    }
}
