//! An account as commands print it.

use std::io::{self, Write};

use serde::Serialize;
use sync::Figures;

use crate::output::{Answer, Facts, instant, size};

/// Times as the admin API writes them.
#[derive(Serialize)]
pub(super) struct AccountView {
    pub(super) id: String,
    username: Option<String>,
    imported: bool,
    deleted: bool,
    pub(super) created_at: String,
    last_used_at: Option<String>,
    tokens: u64,
    machines: u64,
    pub(super) sessions: u64,
    pub(super) messages: u64,
    artifacts: u64,
    values: u64,
    pub(super) attachments: u64,
    pub(super) bytes: u64,
}

impl AccountView {
    /// When it was last here, in words.
    pub(super) fn last_used(&self) -> &str {
        match &self.last_used_at {
            _ if self.deleted => "being deleted",
            Some(time) => time,
            None => "no tokens",
        }
    }
}

impl From<Figures> for AccountView {
    fn from(figures: Figures) -> Self {
        Self {
            id: figures.id,
            username: figures.username,
            imported: figures.imported,
            deleted: figures.deleted,
            created_at: instant(figures.created_at),
            last_used_at: figures.last_used_at.map(instant),
            tokens: figures.tokens,
            machines: figures.machines,
            sessions: figures.sessions,
            messages: figures.messages,
            artifacts: figures.artifacts,
            values: figures.values,
            attachments: figures.attachments,
            bytes: figures.bytes,
        }
    }
}

impl Answer for AccountView {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        let facts = Facts::default()
            .fact("account", &self.id)
            .fact("username", self.username.as_deref().unwrap_or("none"))
            .fact("from", if self.imported { "another server" } else { "here" })
            .fact("made", &self.created_at)
            .fact("last used", self.last_used())
            .fact("tokens", self.tokens)
            .fact("machines", self.machines)
            .fact("sessions", self.sessions)
            .fact("messages", self.messages)
            .fact("artifacts", self.artifacts)
            .fact("values", self.values)
            .fact("attachments", self.attachments)
            .fact("size", size(self.bytes));
        write!(to, "{facts}")
    }
}
