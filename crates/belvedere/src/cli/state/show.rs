//! What `belvedere state` shows by itself.

use std::io::{self, Write};
use std::path::Path;

use anyhow::Result;
use records::{Gap, Records};
use serde::Serialize;
use store::{Database, Location, TableSize, Tier};

use crate::config::Settings;
use crate::databases;
use crate::output::{Answer, Output, Table, instant, size};

/// Gaps that are shown.
const GAPS: usize = 10;

#[derive(Serialize)]
struct Databases {
    engine: &'static str,
    database: String,
    tiers: Vec<TierView>,
    /// Stretches of the stream that were missed, the newest first.
    gaps: Vec<GapView>,
}

#[derive(Serialize)]
struct GapView {
    source: String,
    from: String,
    to: String,
    reason: String,
    found_at: String,
    repaired_at: Option<String>,
}

#[derive(Serialize)]
struct TierView {
    tier: &'static str,
    files: Vec<FileView>,
    tables: Vec<TableView>,
}

#[derive(Serialize)]
struct FileView {
    path: String,
    bytes: u64,
}

#[derive(Serialize)]
struct TableView {
    table: String,
    rows: i64,
    bytes: u64,
}

/// Prints every table with its tier, rows and bytes.
pub(super) async fn run(output: Output, settings: &Settings) -> Result<()> {
    let store = databases::open_existing(settings).await?;
    let mut tiers = Vec::new();
    for tier in Tier::ALL {
        tiers.push(TierView::of(tier, store.tier(tier)).await?);
    }
    let scripts = databases::of_scripts(settings);
    if let Some(sizes) = scriptdb::sizes(&store, &scripts).await? {
        let file = match &scripts.location {
            Location::Sqlite(dir) => Some(dir.join("scripts.db")),
            Location::Postgres(_) => None,
        };
        tiers.push(TierView::new("scripts", sizes, file.as_deref()));
    }
    let database = settings.database.location.display();
    let gaps = Records::new(&store, Vec::new()).gaps().await?;
    let gaps = gaps.into_iter().take(GAPS).map(GapView::of).collect();
    Ok(output.print(&Databases { engine: store.state.engine().name(), database, tiers, gaps })?)
}

impl TierView {
    async fn of(tier: Tier, database: &Database) -> Result<Self> {
        Ok(Self::new(tier.name(), database.table_sizes().await?, database.file()))
    }

    fn new(tier: &'static str, sizes: Vec<TableSize>, file: Option<&Path>) -> Self {
        let tables = sizes.into_iter().map(|table| TableView {
            table: table.table,
            rows: table.rows,
            bytes: u64::try_from(table.bytes).unwrap_or_default(),
        });
        Self { tier, files: file.map(files).unwrap_or_default(), tables: tables.collect() }
    }
}

impl GapView {
    fn of(gap: Gap) -> Self {
        Self {
            source: gap.source,
            from: instant(gap.from_us),
            to: instant(gap.to_us),
            reason: gap.reason,
            found_at: instant(gap.found_at),
            repaired_at: gap.repaired_at.map(instant),
        }
    }
}

/// The database file and its write-ahead log.
fn files(path: &Path) -> Vec<FileView> {
    let path = path.display().to_string();
    let paths = [path.clone(), format!("{path}-wal")];
    let view = |path: String| Some(FileView { bytes: std::fs::metadata(&path).ok()?.len(), path });
    paths.into_iter().filter_map(view).collect()
}

impl Answer for Databases {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        writeln!(to, "{} ({})\n", self.database, self.engine)?;
        let mut table = Table::new(["TIER", "TABLE", "ROWS", "SIZE"]);
        for tier in &self.tiers {
            for counted in &tier.tables {
                let name = counted.table.clone();
                table.row([tier.tier.to_owned(), name, counted.rows.to_string(), size(counted.bytes)]);
            }
        }
        write!(to, "{table}")?;
        let files: Vec<&FileView> = self.tiers.iter().flat_map(|tier| &tier.files).collect();
        if !files.is_empty() {
            let mut table = Table::new(["FILE", "SIZE"]);
            for file in files {
                table.row([file.path.clone(), size(file.bytes)]);
            }
            write!(to, "\n{table}")?;
        }
        if !self.gaps.is_empty() {
            let mut table = Table::new(["MISSED FROM", "TO", "BECAUSE", "REPAIRED"]);
            for gap in &self.gaps {
                let repaired = gap.repaired_at.clone().unwrap_or_else(|| "not yet".to_owned());
                table.row([gap.from.clone(), gap.to.clone(), gap.reason.clone(), repaired]);
            }
            write!(to, "\n{table}")?;
        }
        Ok(())
    }
}
