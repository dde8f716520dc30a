//! One import under way.

use std::fmt::Display;
use std::sync::{Arc, Mutex, PoisonError};

use accounts::Imported;
use anyhow::{Context, Result};
use atcr::{Source, Table, Unreadable};
use indicatif::{ProgressBar, ProgressStyle};
use registry::imports::{Device, Stats, import_devices, import_stats};
use store::Database;

use super::pages::Pages;
use crate::cli::import::kind::{Kind, Taken};
use crate::cli::import::summary::{LeftBehind, Summary};

/// What does not come along, and why.
const LEFT: [(Table, &str, &str); 4] = [
    (
        Table::OauthSessions,
        "sessions with PDSes",
        "they are bound to the address and the key of the old registry; people sign in here once",
    ),
    (
        Table::UiSessions,
        "sessions of browsers",
        "their cookies are for the old address; people sign in here once",
    ),
    (Table::PendingDevices, "devices that wait to be approved", "they ask again"),
    (Table::OauthRequests, "sign-ins under way", "they begin again"),
];

/// What it takes to take a registry over.
pub(super) struct Run {
    source: Arc<Mutex<Source>>,
    state: Database,
    /// What the other registry is called.
    name: String,
    summary: Summary,
    bar: ProgressBar,
}

impl Run {
    pub(super) fn new(source: Source, state: Database, name: String, summary: Summary) -> Result<Self> {
        let total = source.count(Table::Devices)? + source.count(Table::Stats)?;
        let style = ProgressStyle::with_template("Importing {wide_bar} {human_pos}/{human_len}, {msg}")?;
        // Drawn on standard error, and only if that is a terminal.
        let bar = ProgressBar::new(total).with_style(style);
        Ok(Self { source: Arc::new(Mutex::new(source)), state, name, summary, bar })
    }

    pub(super) async fn devices(&mut self) -> Result<()> {
        let mut kind = Kind::new("devices");
        self.bar.set_message(kind.name());
        let mut pages = Pages::of(&self.source, |source, take| source.devices(take));
        while let Some(page) = pages.next().await? {
            let read = self.readable(&mut kind, page);
            let names: Vec<String> =
                read.iter().map(|device| format!("{} {}", device.did, device.id)).collect();
            let devices = read.into_iter().map(device).collect();
            let taken = import_devices(&self.state, devices).await.context(again("devices"))?;
            note(&mut kind, &names, taken, "they can be approved anew: log the device in again");
        }
        self.summary.add(kind);
        Ok(())
    }

    pub(super) async fn stats(&mut self) -> Result<()> {
        let mut kind = Kind::new("statistics");
        self.bar.set_message(kind.name());
        let mut pages = Pages::of(&self.source, |source, take| source.stats(take));
        while let Some(page) = pages.next().await? {
            let read = self.readable(&mut kind, page);
            let names: Vec<String> =
                read.iter().map(|stats| format!("{}/{}", stats.did, stats.repository)).collect();
            let stats = read.into_iter().map(stats).collect();
            let taken = import_stats(&self.state, &self.name, stats).await.context(again("statistics"))?;
            note(&mut kind, &names, taken, "");
        }
        self.summary.add(kind);
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<Summary> {
        self.bar.finish_and_clear();
        let source = self.source.lock().unwrap_or_else(PoisonError::into_inner);
        for (table, what, why) in LEFT {
            self.summary.leave(LeftBehind { what, rows: source.count(table)?, why });
        }
        drop(source);
        Ok(self.summary)
    }

    /// Those of a page that make sense.
    fn readable<T>(&self, kind: &mut Kind, page: Vec<Result<T, Unreadable>>) -> Vec<T> {
        self.bar.inc(page.len() as u64);
        let mut readable = Vec::with_capacity(page.len());
        for row in page {
            match row {
                Ok(row) => readable.push(row),
                Err(Unreadable { name, problem }) => kind.skip(&name, problem, String::new()),
            }
        }
        readable
    }
}

fn again(what: &str) -> String {
    format!("importing {what}; run this again to go on from there")
}

fn note<E: Display>(kind: &mut Kind, names: &[String], taken: Vec<Result<Imported, E>>, help: &str) {
    for (name, taken) in names.iter().zip(taken) {
        let taken = match taken {
            Ok(imported) => Taken::Done(imported),
            Err(reason) => Taken::skipped(reason, help),
        };
        kind.note_taken(name, taken);
    }
}

fn device(read: atcr::Device) -> Device {
    Device {
        id: read.id,
        did: read.did,
        handle: read.handle,
        name: read.name,
        secret_hash: read.secret_hash,
        ip_address: read.ip_address,
        user_agent: read.user_agent,
        created_at: read.created_at,
        last_used_at: read.last_used_at,
    }
}

fn stats(read: atcr::Stats) -> Stats {
    let counted = hold::Stats {
        pulls: read.pulls,
        pushes: read.pushes,
        last_pull: read.last_pull,
        last_push: read.last_push,
    };
    Stats { did: read.did, repository: read.repository, counted }
}
