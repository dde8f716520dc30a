//! Waiting for what must happen.

use std::time::{Duration, Instant};

use tokio::time::sleep;

/// Between two looks.
const PERIOD: Duration = Duration::from_millis(20);

/// Long enough for anything that happens by itself, on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(40);

/// Looks until there is an answer. What does not come in time fails the scenario.
pub(crate) async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(answer) = look().await {
            return answer;
        }
        assert!(start.elapsed() < PATIENCE, "not within {PATIENCE:?}: {what}");
        sleep(PERIOD).await;
    }
}
