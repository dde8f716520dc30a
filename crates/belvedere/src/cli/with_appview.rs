//! Commands that do what the server does: with an appview on the same databases.

use anyhow::Result;
use appview::Appview;
use tokio_util::sync::CancellationToken;

use crate::config::Settings;
use crate::serve::appview_of_a_command;

/// Does `work`, and returns when all that it has recorded is in the event log.
pub(super) async fn with_appview<T>(
    settings: &Settings,
    work: impl AsyncFnOnce(&Appview) -> Result<T>,
) -> Result<T> {
    let (appview, event_log) = appview_of_a_command(settings).await?;
    let stop = CancellationToken::new();
    let work = async {
        let outcome = work(&appview).await;
        stop.cancel();
        outcome
    };
    let (outcome, ()) = tokio::join!(work, event_log.run(stop.clone()));
    outcome
}
