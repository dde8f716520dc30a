//! Waiting for what must happen.

use std::time::{Duration, Instant};

use tokio::time::sleep;

/// Between two looks.
const PERIOD: Duration = Duration::from_millis(25);

/// Long enough for anything that happens by itself and has no time limit of its own, on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(45);

/// Looks until there is an answer, and says how long that took. What does not come in time fails the test.
pub(crate) async fn until<T>(
    what: &str,
    within: Duration,
    mut look: impl AsyncFnMut() -> Option<T>,
) -> (T, Duration) {
    let start = Instant::now();
    loop {
        if let Some(answer) = look().await {
            return (answer, start.elapsed());
        }
        assert!(start.elapsed() < within, "not within {within:?}: {what}");
        sleep(PERIOD).await;
    }
}
