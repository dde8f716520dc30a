//! One import under way.

use anyhow::{Context, Result};
use happy::{Source, Table};
use indicatif::{ProgressBar, ProgressStyle};
use sync::import::{Importer, Kind as Rows};

use super::report::Report;
use crate::cli::import::kind::Kind;
use crate::cli::import::summary::LeftBehind;

/// What is taken over, each after what it refers to.
const ORDER: [(Table, Rows, &str); 13] = [
    (Table::Account, Rows::Account, "accounts"),
    (Table::GithubUser, Rows::GithubUser, "GitHub users"),
    (Table::AccountPushToken, Rows::AccountPushToken, "push tokens"),
    (Table::UserRelationship, Rows::UserRelationship, "relationships"),
    (Table::UserFeedItem, Rows::UserFeedItem, "feed items"),
    (Table::UserKVStore, Rows::UserKVStore, "values"),
    (Table::ServiceAccountToken, Rows::ServiceAccountToken, "tokens of vendors"),
    (Table::Machine, Rows::Machine, "machines"),
    (Table::Artifact, Rows::Artifact, "artifacts"),
    (Table::Session, Rows::Session, "sessions"),
    (Table::AccessKey, Rows::AccessKey, "access keys"),
    (Table::SessionMessage, Rows::SessionMessage, "messages"),
    (Table::UsageReport, Rows::UsageReport, "usage reports"),
];

/// What is not, and why.
const LEFT: [(Table, &str, &str); 4] = [
    (
        Table::TerminalAuthRequest,
        "requests of terminals",
        "those that wait ask again; those let in have their tokens",
    ),
    (
        Table::AccountAuthRequest,
        "requests of devices",
        "those that wait ask again; those let in have their tokens",
    ),
    (Table::UploadedFile, "stored pictures", "those that people show come with --files"),
    (Table::VoiceConversation, "voice conversations", "they are counted at the vendor"),
];

/// What it takes to take a server over.
pub(super) struct Run<'a> {
    pub(super) source: &'a Source,
    pub(super) importer: Importer,
    pub(super) report: Report,
    pub(super) bar: ProgressBar,
}

impl<'a> Run<'a> {
    pub(super) async fn new(source: &'a Source, importer: Importer, is_rehearsal: bool) -> Result<Self> {
        let mut total = 0;
        for (table, ..) in ORDER {
            total += source.count(table).await?;
        }
        let style = ProgressStyle::with_template("Importing {wide_bar} {human_pos}/{human_len}, {msg}")?;
        let report = Report::new(source.shown(), is_rehearsal, source.strange_lines());
        // Drawn on standard error, and only if that is a terminal.
        let bar = ProgressBar::new(total).with_style(style);
        Ok(Self { source, importer, report, bar })
    }

    /// Makes tokens of the old server good here.
    pub(super) async fn tokens(&mut self, has_secret: bool) -> Result<()> {
        self.importer.trust_tokens().await?;
        self.report.stays_signed_in(has_secret);
        Ok(())
    }

    pub(super) async fn rows(&mut self) -> Result<()> {
        for (table, rows, name) in ORDER {
            let mut kind = Kind::new(name);
            self.bar.set_message(name);
            let mut pages = self.source.rows(table).await?;
            loop {
                let page = pages.next_page().await?;
                if page.is_empty() {
                    break;
                }
                self.bar.inc(page.len() as u64);
                let taken = self.importer.take(rows, kind.readable(page)).await;
                let taken =
                    taken.with_context(|| format!("importing {name}; run this again to go on from there"))?;
                for outcome in taken {
                    kind.note_outcome(outcome);
                }
            }
            self.report.add(kind);
        }
        self.importer.recount().await?;
        Ok(())
    }

    pub(super) async fn left_behind(&mut self) -> Result<()> {
        for (table, what, why) in LEFT {
            let rows = self.source.count(table).await?;
            self.report.leave(LeftBehind { what, rows, why });
        }
        Ok(())
    }

    pub(super) fn finish(self) -> Report {
        self.bar.finish_and_clear();
        self.report
    }
}
