//! What the operating system has to say.

use std::io;
use std::process;

use rustix::process::Signal;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// Cancels `shutdown` at the first SIGTERM or SIGINT and ends the process at the second.
pub(super) fn watch(shutdown: CancellationToken) -> io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::spawn(async move {
        loop {
            let code = tokio::select! {
                Some(()) = terminate.recv() => 128 + Signal::TERM.as_raw(),
                Some(()) = interrupt.recv() => 128 + Signal::INT.as_raw(),
            };
            if shutdown.is_cancelled() {
                process::exit(code);
            }
            tracing::info!("stopping; once more to stop at once");
            shutdown.cancel();
        }
    });
    Ok(())
}
