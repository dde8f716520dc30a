//! What a run says, and what it is told.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use events::Severity;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::log::NewLine;
use crate::{JobError, bounds, telemetry};

/// The way between a run and whoever watches over its job.
#[derive(Debug, Default)]
pub struct Control {
    stop: CancellationToken,
    notes: Mutex<Notes>,
    noted: Notify,
}

/// What a run said and is not in the database yet.
#[derive(Clone, Debug, Default)]
pub(crate) struct Notes {
    /// Only the newest counts.
    pub(crate) progress: Option<String>,
    pub(crate) lines: Vec<NewLine>,
}

impl Control {
    /// Whether the run has been asked to stop, for now or for good. It should then return soon; what it returns is kept.
    #[must_use]
    pub fn should_stop(&self) -> bool {
        self.stop.is_cancelled()
    }

    /// Waits for so long, or until the run is asked to stop.
    pub async fn wait(&self, span: Duration) {
        self.stop.run_until_cancelled(tokio::time::sleep(span)).await;
    }

    /// Says how far it is: JSON of at most 64 KiB that replaces what was said before. It is in the database within a
    /// quarter of a second; of several in that time the last.
    pub fn progress(&self, json: &str) -> Result<(), JobError> {
        bounds::json("progress", json, bounds::MAX_PROGRESS)?;
        self.notes().progress = Some(json.to_owned());
        self.noted.notify_one();
        Ok(())
    }

    /// Adds a line to the job's log; its first 4 KiB. Lines that come faster than they can be written are dropped.
    pub fn log(&self, line: &str) {
        let line = NewLine::new(Severity::Info, line);
        let mut notes = self.notes();
        if notes.lines.len() >= bounds::MAX_WAITING_LINES {
            return telemetry::line_dropped();
        }
        notes.lines.push(line);
        self.noted.notify_one();
    }

    /// Waits until the run is asked to stop.
    pub(crate) async fn told(&self) {
        self.stop.cancelled().await;
    }

    /// Asks the run to stop.
    pub(crate) fn tell(&self) {
        self.stop.cancel();
    }

    /// Waits until the run has said something.
    pub(crate) async fn noted(&self) {
        self.noted.notified().await;
    }

    /// What it said since this was called last.
    pub(crate) fn take(&self) -> Notes {
        std::mem::take(&mut *self.notes())
    }

    /// What could not be written is to be taken again, before what has been said since.
    pub(crate) fn put_back(&self, old: Notes) {
        let mut notes = self.notes();
        let newer = std::mem::replace(&mut *notes, old);
        notes.progress = newer.progress.or(notes.progress.take());
        notes.lines.extend(newer.lines);
        while notes.lines.len() > bounds::MAX_WAITING_LINES {
            notes.lines.pop();
            telemetry::line_dropped();
        }
    }

    fn notes(&self) -> MutexGuard<'_, Notes> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_back_is_older() {
        let control = Control::default();
        control.progress("1").unwrap();
        control.log("first");
        let old = control.take();
        control.progress("2").unwrap();
        control.log("second");
        control.put_back(old.clone());
        let all = control.take();
        assert_eq!((all.progress.as_deref(), all.lines.len()), (Some("2"), 2));
        control.put_back(old);
        assert_eq!(control.take().progress.as_deref(), Some("1"));
        assert!(control.take().lines.is_empty());
    }

    #[test]
    fn a_talkative_run_takes_no_more_memory_than_it_may() {
        let control = Control::default();
        (0..10_000).for_each(|number| control.log(&number.to_string()));
        let all = control.take();
        (0..10_000).for_each(|number| control.log(&number.to_string()));
        control.put_back(all);
        assert_eq!(control.take().lines.len(), bounds::MAX_WAITING_LINES);
        assert!(matches!(control.progress("nil"), Err(JobError::Json { .. })));
        let long = format!("\"{}\"", "a".repeat(bounds::MAX_PROGRESS));
        assert!(matches!(control.progress(&long), Err(JobError::TooLarge { .. })));
        assert!(control.take().progress.is_none());
    }

    #[tokio::test]
    async fn a_wait_ends_when_its_time_is_over_or_the_run_is_asked_to_stop() {
        let control = Control::default();
        let begun = tokio::time::Instant::now();
        control.wait(Duration::from_millis(30)).await;
        assert!(begun.elapsed() >= Duration::from_millis(30) && !control.should_stop());
        let hour = Duration::from_hours(1);
        tokio::join!(control.wait(hour), async { control.tell() });
        control.wait(hour).await;
        assert!(control.should_stop());
    }
}
