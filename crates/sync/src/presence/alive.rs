//! Hearing a sign of life.

use std::sync::Arc;

use metrics::counter;
use serde_json::json;
use store::{Conn, v};

use super::{Beat, Kind, Presence, Subject, lock};
use crate::Error;
use crate::telemetry::{MACHINE_SIGNS, PRESENCE_LOOKUPS, SESSION_SIGNS, SKIPPED_WRITES};
use crate::updates::Audience;
use crate::wire::millis;

/// Signs older than this are not believed, in microseconds (spec/sync.md §5).
const MAX_AGE: i64 = 10 * 60 * 1_000_000;

/// How long the heartbeats of a session that has ended are not listened to, in microseconds.
pub(super) const SILENCE: i64 = 60 * 1_000_000;

/// When something was, if that can be believed: not after now, not long before.
pub(crate) fn believable(at: i64, now: i64) -> Option<i64> {
    (at >= now - MAX_AGE).then(|| at.min(now))
}

impl Presence {
    /// A session shows a sign of life of time `at` (microseconds).
    pub(crate) async fn session_alive(&self, account: &Arc<str>, id: &str, at: i64, thinking: bool) {
        let now = clock::now_micros();
        let Some(at) = believable(at, now) else { return };
        if self.is_silenced(id, now) {
            counter!(PRESENCE_LOOKUPS, "operation" => "session_validation", "result" => "stopped")
                .increment(1);
            return;
        }
        counter!(SESSION_SIGNS).increment(1);
        let subject = Subject { kind: Kind::Session, account: account.clone(), id: id.into() };
        if self.hear(&subject, at, thinking, now).await {
            let body = json!({
                "type": "activity", "id": id, "active": true, "activeAt": millis(at), "thinking": thinking,
            });
            self.relay.mention(account, &Audience::Users, &body);
        }
    }

    /// A machine shows a sign of life of time `at` (microseconds).
    pub(crate) async fn machine_alive(&self, account: &Arc<str>, id: &str, at: i64) {
        let now = clock::now_micros();
        let Some(at) = believable(at, now) else { return };
        counter!(MACHINE_SIGNS).increment(1);
        let subject = Subject { kind: Kind::Machine, account: account.clone(), id: id.into() };
        if self.hear(&subject, at, false, now).await {
            self.tell_machine(account, id, true, at);
        }
    }

    pub(super) fn tell_machine(&self, account: &str, id: &str, active: bool, at: i64) {
        let body = json!({ "type": "machine-activity", "id": id, "active": active, "activeAt": millis(at) });
        self.relay.mention(account, &Audience::Users, &body);
    }

    /// A session ends: what is still said of it is not listened to, here or at other instances. To be called before that is written,
    /// so that what was heard just before is not written after it.
    pub(crate) fn silence_session(&self, id: &str) {
        let until = Some(clock::now_micros() + SILENCE);
        self.hear_of_silence(id, until);
        self.relay.say_silenced(id, until);
    }

    /// A session goes on.
    pub(crate) fn resume_session(&self, id: &str) {
        self.hear_of_silence(id, None);
        self.relay.say_silenced(id, None);
    }

    /// The same, at another instance.
    pub(crate) fn hear_of_silence(&self, id: &str, until: Option<i64>) {
        match until {
            Some(until) => _ = lock(&self.heard.silent).insert(id.to_owned(), until),
            None => _ = lock(&self.heard.silent).remove(id),
        }
        lock(&self.heard.beats).retain(|subject, _| &*subject.id != id);
    }

    fn is_silenced(&self, id: &str, now: i64) -> bool {
        lock(&self.heard.silent).get(id).is_some_and(|until| *until > now)
    }

    /// Whether it is the account's and says something new.
    async fn hear(&self, subject: &Subject, at: i64, thinking: bool, now: i64) -> bool {
        if let Some(beat) = lock(&self.heard.beats).get_mut(subject).filter(|beat| beat.is_valid(now)) {
            looked_up(subject.kind, "hit");
            return take(beat, subject.kind, at, thinking, now);
        }
        looked_up(subject.kind, "miss");
        let (kind, account, id) = (subject.kind, subject.account.clone(), subject.id.clone());
        let row = self.relay.read(move |conn| look_up(conn, kind, &account, &id)).await;
        let (active, active_at) = match row {
            // Another instance has ended it, and could not say so.
            Ok(Some(Row { ended_at: Some(ended_at), .. })) if ended_at + SILENCE > now => return false,
            Ok(Some(Row { active, active_at, .. })) => (active, active_at),
            Ok(None) => return false,
            Err(error) => {
                tracing::debug!(%error, "a sign of life could not be looked up");
                return false;
            }
        };
        let mut beats = lock(&self.heard.beats);
        let beat = beats.entry(subject.clone()).or_insert_with(|| Beat::new(active, active_at, now));
        beat.verified_at = now;
        take(beat, subject.kind, at, thinking, now)
    }
}

/// Takes a sign of life in; whether it says something that sockets should be told.
fn take(beat: &mut Beat, kind: Kind, at: i64, thinking: bool, now: i64) -> bool {
    let was_pending = beat.pending;
    let is_news = beat.hear(at, thinking, now);
    if beat.pending == was_pending {
        counter!(SKIPPED_WRITES, "type" => kind.name()).increment(1);
    }
    is_news
}

fn looked_up(kind: Kind, result: &'static str) {
    let operation = match kind {
        Kind::Session => "session_validation",
        Kind::Machine => "machine_validation",
    };
    counter!(PRESENCE_LOOKUPS, "operation" => operation, "result" => result).increment(1);
}

/// What is written down of signs of life.
struct Row {
    active: bool,
    active_at: i64,
    /// Of a session that has ended and was not begun again.
    ended_at: Option<i64>,
}

fn look_up(conn: &mut Conn<'_>, kind: Kind, account: &str, id: &str) -> Result<Option<Row>, Error> {
    let sql = match kind {
        Kind::Session => {
            "SELECT active, active_at, ended_at FROM sync_sessions WHERE id = $1 AND account_id = $2"
        }
        Kind::Machine => "SELECT active, active_at FROM sync_machines WHERE id = $1 AND account_id = $2",
    };
    conn.query_opt(sql, &[v(id), v(account)], |row| {
        let ended_at = if kind == Kind::Session { row.opt_int(2)? } else { None };
        Ok(Row { active: row.bool(0)?, active_at: row.int(1)?, ended_at })
    })
}
