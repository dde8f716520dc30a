//! Memory while nothing happens, and at most while eight clients move data in both directions.

use std::time::Duration;

use tokio::time::sleep;

use super::CLIENTS;
use super::blobs::{Blob, each};
use super::site::Site;
use crate::process::{Process, megabytes};
use crate::report::{Limit, Report, Table};

/// Between two looks.
const PERIOD: Duration = Duration::from_millis(10);

/// MB above what an idle server holds.
const MOST: f64 = 40.0;

/// `size` is that of a blob, of which each client moves so many.
pub(super) async fn run(
    sites: &[Site],
    size: usize,
    blobs_each: usize,
    report: &mut Report,
) -> anyhow::Result<()> {
    let columns = ["idle MB", "pushing MB", "pulling MB"];
    let mebibytes = (size * blobs_each) >> 20;
    let mut table = Table::new(format!("{CLIENTS} clients move {mebibytes} MiB each"), columns);
    for site in sites {
        let idle = site.process.anonymous_memory()?;
        let blobs = Blob::make(CLIENTS * blobs_each, size);
        let authorization = site.authorization().await?;
        let push = each(site, &blobs, CLIENTS, async |blob, connection| {
            blob.push(site, connection, &authorization).await
        });
        let pushing = most(site.process, push).await?;
        let pull = each(site, &blobs, CLIENTS, async |blob, connection| {
            blob.pull(site, connection, &authorization).await
        });
        let pulling = most(site.process, pull).await?;
        table.row(site.name, [idle, pushing, pulling].map(megabytes));
        if site.is_guarded() {
            let above = megabytes(pushing.max(pulling).saturating_sub(idle));
            report.bar("memory above idle", above, Limit::AtMost(MOST), "MB");
        }
    }
    report.tables.push(table);
    Ok(())
}

/// The most that a server held while something was done.
async fn most(server: Process, work: impl Future<Output = anyhow::Result<usize>>) -> anyhow::Result<usize> {
    let mut most = 0;
    let watch = async {
        loop {
            most = most.max(server.anonymous_memory()?);
            sleep(PERIOD).await;
        }
        #[expect(unreachable_code, reason = "says what the errors are")]
        anyhow::Ok(())
    };
    tokio::select! {
        done = work => done.map(drop)?,
        failed = watch => failed?,
    }
    Ok(most)
}
