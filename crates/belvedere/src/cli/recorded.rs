//! What commands do is in the event log, too.

use events::EventLog;
use store::Database;
use tokio_util::sync::CancellationToken;

/// Does `work`, which records what it does, and returns when all of that is in the database.
pub(super) async fn recorded<T>(state: &Database, work: impl AsyncFnOnce(EventLog) -> T) -> T {
    // How long entries are kept is the server's business.
    let (log, writer) = EventLog::open(state, None);
    let stop = CancellationToken::new();
    // A writer that is told to stop writes what is waiting before it does.
    let work = async {
        let outcome = work(log).await;
        stop.cancel();
        outcome
    };
    let (outcome, ()) = tokio::join!(work, writer.run(stop.clone()));
    outcome
}
