//! What has to be done from time to time.

use std::time::Duration;

use server::Task;
use tokio_util::sync::CancellationToken;
use tracing::error;

use crate::{Error, Repos, events};

/// How soon an identity that another instance changed is known here.
const REFRESH: Duration = Duration::from_secs(2);

/// How often what is too old is removed.
const PRUNE: Duration = Duration::from_mins(10);

impl Repos {
    /// Keeps the directory fresh and the log and the blobs within bounds, and ends all streams when the server stops.
    #[must_use]
    pub fn task(&self) -> Task {
        let repos = self.clone();
        Task::new("repositories", |stop| repos.maintain(stop))
    }

    async fn maintain(self, stop: CancellationToken) {
        let (mut refresh, mut prune) = (tokio::time::interval(REFRESH), tokio::time::interval(PRUNE));
        loop {
            let done = tokio::select! {
                () = stop.cancelled() => break,
                _ = refresh.tick() => self.refresh().await,
                _ = prune.tick() => self.prune().await,
            };
            if let Err(error) = done {
                error!(%error, "repositories are not maintained");
            }
        }
        self.shared.closing.cancel();
    }

    /// Removes what is too old or too much: events, and blobs that no record refers to.
    pub async fn prune(&self) -> Result<(), Error> {
        let limits = self.shared.limits;
        let events = move |conn: &mut store::Conn<'_>| {
            events::lock(conn)?;
            events::prune(conn, &limits, clock::now_micros())
        };
        while self.shared.state.write(events).await? {}
        while self.prune_blobs().await? {}
        Ok(())
    }
}
