//! `belvedere key list`

use std::io::{self, Write};

use accounts::{Actor, ApiKey, ApiKeys};
use anyhow::Result;
use clap::Args;
use serde::Serialize;

use crate::cli::granted::names;
use crate::output::{Answer, Output, Table, moment};

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
    pub(super) async fn run(self, keys: &ApiKeys) -> Result<()> {
        let keys = keys.list(&Actor::LocalOperator).await?.into_iter().map(KeyView::new).collect();
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
            permissions: names(&key.permissions),
            created_at: moment(key.created_at),
            last_used_at: key.last_used_at.map(moment),
            revoked_at: key.revoked_at.map(moment),
        }
    }

    fn state(&self) -> &'static str {
        if self.revoked_at.is_some() { "revoked" } else { "valid" }
    }
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
