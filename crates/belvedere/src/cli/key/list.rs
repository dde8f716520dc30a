//! `belvedere key list`

use std::io::{self, Write};

use accounts::{Accounts, ApiKey};
use anyhow::Result;
use clap::Args;
use serde::Serialize;
use server::Permission;
use time::OffsetDateTime;

use crate::output::{Answer, Output, Table, instant};

/// List all keys with when they were last used; the keys themselves are not kept
#[derive(Args, Debug)]
pub(super) struct List {
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
#[serde(transparent)]
struct Listed(Vec<KeyView>);

/// The fields of the admin API, and the owner.
#[derive(Serialize)]
struct KeyView {
    id: String,
    user_id: String,
    name: String,
    key_prefix: String,
    permissions: Vec<&'static str>,
    created_at: String,
    last_used_at: Option<String>,
    revoked_at: Option<String>,
}

impl List {
    pub(super) async fn run(self, accounts: &Accounts) -> Result<()> {
        let keys = accounts.list_keys().await?.into_iter().map(KeyView::new).collect();
        Ok(self.output.print(&Listed(keys))?)
    }
}

impl KeyView {
    fn new(key: ApiKey) -> Self {
        Self {
            id: key.id,
            user_id: key.user_id,
            name: key.name,
            key_prefix: key.key_prefix,
            permissions: key.permissions.iter().copied().map(Permission::name).collect(),
            created_at: text(key.created_at),
            last_used_at: key.last_used_at.map(text),
            revoked_at: key.revoked_at.map(text),
        }
    }

    fn state(&self) -> &'static str {
        if self.revoked_at.is_some() { "revoked" } else { "valid" }
    }
}

fn text(time: OffsetDateTime) -> String {
    instant(i64::try_from(time.unix_timestamp_nanos() / 1000).unwrap_or(i64::MAX))
}

impl Answer for Listed {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        if self.0.is_empty() {
            return writeln!(to, "no keys; make one with `belvedere key create`");
        }
        let mut table = Table::new(["ID", "NAME", "KEY", "PERMISSIONS", "STATE", "CREATED", "LAST USED"]);
        for key in &self.0 {
            table.row([
                key.id.clone(),
                key.name.clone(),
                format!("{}…", key.key_prefix),
                key.permissions.len().to_string(),
                key.state().to_owned(),
                key.created_at.clone(),
                key.last_used_at.clone().unwrap_or_else(|| "never".to_owned()),
            ]);
        }
        write!(to, "{table}")
    }
}
