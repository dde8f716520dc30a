//! The pictures that people show, which a Happy server keeps in files, each where the account's row says.

use std::path::{Component, Path};

use anyhow::{Context, Result};
use happy::Table;
use serde::Deserialize;

use super::files::read;
use super::run::Run;
use crate::cli::import::kind::Kind;

/// Of the row of an account.
#[derive(Deserialize)]
struct Account {
    id: String,
    #[serde(default)]
    avatar: Option<Avatar>,
}

#[derive(Deserialize)]
struct Avatar {
    path: String,
}

impl Run<'_> {
    pub(super) async fn pictures(&mut self, folder: &Path) -> Result<()> {
        let mut kind = Kind::new("pictures of people");
        self.bar.set_message("pictures");
        let mut pages = self.source.rows(Table::Account).await?;
        loop {
            let page = pages.next_page().await?;
            if page.is_empty() {
                break;
            }
            // Rows that make no sense have been listed as accounts.
            for row in page.into_iter().flatten() {
                if let Ok(Account { id, avatar: Some(avatar) }) = serde_json::from_str(row.get()) {
                    self.picture(&mut kind, folder, id, avatar.path).await?;
                }
            }
        }
        self.report.add(kind);
        Ok(())
    }

    async fn picture(&self, kind: &mut Kind, folder: &Path, account: String, path: String) -> Result<()> {
        let is_inside = Path::new(&path).components().all(|part| matches!(part, Component::Normal(_)));
        let content =
            if is_inside { read(&folder.join(&path)).await } else { Err("it is elsewhere".to_owned()) };
        match content {
            Ok(content) => {
                let taken = self.importer.avatar(account, path, content).await;
                kind.note_outcome(taken.context("importing pictures; run this again to go on")?);
            }
            Err(reason) => kind.skip(&path, reason, String::new()),
        }
        Ok(())
    }
}
