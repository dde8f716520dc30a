//! Looking at a server while it works.

use std::time::{Duration, Instant};

use anyhow::bail;
use rusqlite::Connection;

use crate::belvedere::Server;
use crate::synth::Event;

/// How often.
const LOOK: Duration = Duration::from_millis(20);
/// Without progress for so long, the server hangs.
const PATIENCE: Duration = Duration::from_secs(30);

/// Waits until the committed cursor is at the last event; returns the most anonymous memory, in bytes, that was
/// seen in each quarter of the stream.
pub(super) fn until_done(
    server: &Server<'_>,
    index: &Connection,
    events: &[Event],
) -> anyhow::Result<[usize; 4]> {
    let mut memory = [0; 4];
    let mut done = 0;
    let mut progress = Instant::now();
    let mut cursor = index.prepare("SELECT coalesce(max(time_us), 0) FROM cursors WHERE at_event = 1")?;
    while done < events.len() {
        std::thread::sleep(LOOK);
        let quarter = done * 4 / events.len();
        memory[quarter] = memory[quarter].max(server.process().anonymous_memory()?);
        let time_us: i64 = cursor.query_row([], |row| row.get(0))?;
        let now_done = events.partition_point(|event| event.time_us <= time_us);
        if now_done > done {
            (done, progress) = (now_done, Instant::now());
        } else if progress.elapsed() > PATIENCE {
            bail!("the server stands still after {done} events; {}", server.log());
        }
    }
    Ok(memory)
}
