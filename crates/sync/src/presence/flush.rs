//! Writing what was heard, together.

use store::v;
use tracing::warn;

use super::alive::SILENCE;
use super::{Kind, Presence, Subject, lock};
use crate::Error;

/// Rows of one transaction, so that nobody else waits long.
const BATCH: usize = 200;

/// What is heard of no more is forgotten after this long, in microseconds.
const FORGOTTEN: i64 = 5 * 60 * 1_000_000;

impl Presence {
    /// Writes what is to be written.
    pub(crate) async fn flush(&self) {
        let pending: Vec<(Subject, i64)> = lock(&self.heard.beats)
            .iter_mut()
            .filter_map(|(subject, beat)| Some((subject.clone(), beat.pending.take()?)))
            .collect();
        for batch in pending.chunks(BATCH) {
            let rows = batch.to_vec();
            let written = self.relay.state().write(move |conn| {
                let now = clock::now_micros();
                for (Subject { kind, account, id }, at) in &rows {
                    let values = [v(&**id), v(&**account), v(*at), v(now), v(*at - SILENCE)];
                    let (sql, count) = match kind {
                        // What was heard before it ended, or just after, does not wake it.
                        Kind::Session => (
                            "UPDATE sync_sessions SET active = 1, active_at = $3, updated_at = $4
                             WHERE id = $1 AND account_id = $2 AND (active = 0 OR active_at < $3)
                               AND (ended_at IS NULL OR ended_at < $5)",
                            5,
                        ),
                        Kind::Machine => (
                            "UPDATE sync_machines SET active = 1, active_at = $3, updated_at = $4
                             WHERE id = $1 AND account_id = $2 AND (active = 0 OR active_at < $3)",
                            4,
                        ),
                    };
                    conn.execute(sql, &values[..count])?;
                }
                Ok::<_, Error>(())
            });
            if let Err(error) = written.await {
                warn!(%error, "signs of life were not written; the next ones will be");
                self.put_back(batch);
            }
        }
    }

    fn put_back(&self, rows: &[(Subject, i64)]) {
        let mut beats = lock(&self.heard.beats);
        for (subject, at) in rows {
            if let Some(beat) = beats.get_mut(subject) {
                beat.pending.get_or_insert(*at);
            }
        }
    }

    /// Forgets whatever has not been heard of for a while.
    pub(super) fn forget(&self) {
        let now = clock::now_micros();
        lock(&self.heard.beats)
            .retain(|_, beat| beat.pending.is_some() || now - beat.verified_at < FORGOTTEN);
        lock(&self.heard.silent).retain(|_, until| *until > now);
    }
}
