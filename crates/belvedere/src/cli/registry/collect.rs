//! `belvedere registry collect`

use std::io::{self, Write};
use std::time::Duration;

use anyhow::{Context, Result};
use clap::Args;
use hold::Collected;
use registry::{Collector, Schedule};
use serde::Serialize;
use store::Engine;
use tokio_util::sync::CancellationToken;

use super::opened::Opened;
use crate::config::Settings;
use crate::failure::Failure;
use crate::holds::{self, Place};
use crate::output::{Answer, Output, size};
use crate::serve::{DataDirLock, holder};

const EXAMPLES: &str = "\
Examples:
  belvedere registry collect --dry-run
  belvedere registry collect --grace 3600

A running server collects by itself, as often as registry_gc_seconds says. Blobs in a folder are its own: stop it, or only look.";

/// Remove blobs that no image needs, and uploads that nobody goes on with, once
///
/// A push sends its blobs first and the image that needs them last: with a grace period that is shorter than a push takes, the push
/// fails and has to be repeated. Uploads are left alone for as long as --registry-gc-grace-seconds says.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct Collect {
    /// Say what would be removed, and remove nothing
    #[arg(long)]
    dry_run: bool,
    /// How long a blob that no image needs is left alone, in seconds; as --registry-gc-grace-seconds says without it
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(..=31_536_000))]
    grace: Option<u64>,
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
struct Outcome {
    dry_run: bool,
    blobs: u64,
    bytes: u64,
    garbage: u64,
    freed: u64,
    young: u64,
}

impl Collect {
    pub(super) async fn run(self, opened: &Opened<'_>) -> Result<()> {
        let settings = opened.settings;
        let configured = settings.registry.collecting();
        let grace = self.grace.map_or(configured.grace, Duration::from_secs);
        let schedule = Schedule { grace, ..configured };
        is_there(settings)?;
        let alone = if self.dry_run { None } else { alone(settings, opened.store.state.engine())? };
        let place = if alone.is_some() { Place::Own } else { Place::BesideAServer };
        let hold = opened.hold_at(place).await?;
        let me = format!("command-{}", std::process::id());
        let collector = Collector::new(hold, opened.store.state.clone(), schedule, &me);
        let collected = if self.dry_run {
            collector.look().await?
        } else {
            collector.begin(None).await?.ok_or_else(busy)?.run(&CancellationToken::new()).await?
        };
        Ok(self.output.print(&Outcome::new(&collected, self.dry_run))?)
    }
}

/// A folder that is not there would say that there is no garbage.
fn is_there(settings: &Settings) -> Result<()> {
    let dir = holds::folder(settings);
    if settings.registry.bucket.is_some() || dir.is_dir() {
        return Ok(());
    }
    Err(Failure::new(
        format!("there is no folder {} with the layers of images", dir.display()),
        "name the server's own with --data-dir DIR or --registry-dir DIR; the server makes it when it starts",
    )
    .into())
}

/// Keeps servers away for as long as blobs or rows are for one process. Beside a server that is only where both are for several.
fn alone(settings: &Settings, engine: Engine) -> Result<Option<DataDirLock>> {
    let in_a_bucket = settings.registry.bucket.is_some();
    match holder(&settings.data_dir) {
        Some(_) if in_a_bucket => Ok(None),
        Some(pid) => Err(Failure::new(
            format!("a server (process {pid}) has the folder {} to itself", holds::folder(settings).display()),
            "it collects by itself, as often as registry_gc_seconds says; --dry-run looks what there is, or stop the server first",
        )
        .into()),
        None if in_a_bucket && engine == Engine::Postgres => Ok(None),
        None => {
            let dir = &settings.data_dir;
            std::fs::create_dir_all(dir).with_context(|| format!("cannot make the folder {}", dir.display()))?;
            DataDirLock::take(dir).map(Some)
        }
    }
}

fn busy() -> Failure {
    Failure::new(
        "somebody else is collecting garbage".to_owned(),
        "wait until that is done; it counts as under way for a minute after whoever was at it has died",
    )
}

impl Outcome {
    fn new(collected: &Collected, dry_run: bool) -> Self {
        let Collected { blobs, bytes, garbage, freed, young } = *collected;
        Self { dry_run, blobs, bytes, garbage, freed, young }
    }
}

impl Answer for Outcome {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        let Self { blobs, garbage, young, .. } = self;
        let (bytes, freed) = (size(self.bytes), size(self.freed));
        let verb = if self.dry_run { "would remove" } else { "removed" };
        writeln!(to, "{verb} {garbage} of {blobs} blobs, {freed} of {bytes}")?;
        if *young > 0 {
            writeln!(to, "{young} that no image needs are younger than the grace period")?;
        }
        Ok(())
    }
}
