//! What does not come along, so that nobody looks for it here.

use anyhow::Result;

use super::run::Run;
use crate::cli::import::summary::LeftBehind;

/// Tables, what is in them, and why it stays there.
const LEFT: [(&str, &str, &str); 9] = [
    ("dpop_sessions", "sessions of apps", "their users sign in again; the clients are known here"),
    ("oauth_sessions", "sessions of the dashboard", "their users sign in again"),
    ("jobs", "background jobs", "what they were to do is not known here; start them again"),
    ("plugins", "plugins", "this server has no plugins"),
    ("external_account_tokens", "external accounts", "they belong to plugins"),
    ("spaces", "permissioned spaces", "this server has no spaces"),
    ("linked_repos", "linked repositories", "this server has no linked repositories"),
    ("labels", "labels", "they come again from their labelers"),
    ("event_logs", "entries of the event log", "they are about the old server"),
];

impl Run<'_> {
    pub(super) async fn left_behind(&mut self) -> Result<()> {
        for (table, what, why) in LEFT {
            let rows = self.source.rows(table).await?;
            self.report.leave(LeftBehind { what, rows, why });
        }
        Ok(())
    }
}
