//! What the operating system has to say.

use std::io;
use std::process;

use rustix::process::Signal;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// Cancels `shutdown` at the first SIGTERM or SIGINT and ends the process at the second.
///
/// SIGXFSZ is only noted: by default it kills, but a write beyond the limit of the file size shall fail as one on a full
/// disk does, and the server go on.
pub(super) fn watch(shutdown: CancellationToken) -> io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut file_size = signal(SignalKind::from_raw(Signal::XFSZ.as_raw()))?;
    tokio::spawn(async move {
        loop {
            let code = tokio::select! {
                Some(()) = terminate.recv() => 128 + Signal::TERM.as_raw(),
                Some(()) = interrupt.recv() => 128 + Signal::INT.as_raw(),
                Some(()) = file_size.recv() => {
                    tracing::error!("a file has reached the size this process may write: raise the limit (ulimit -f)");
                    continue;
                }
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
