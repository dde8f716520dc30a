//! From a frame of the stream to an event worth applying.

use atproto::Did;
use atproto::jetstream::v2::Message as Said;
use atproto::jetstream::{Commit, Decompressor, Event as Frame, FrameError, Kind, Operation};
use bytes::Bytes;
use events::EventLog;
use outbound::tungstenite::Message;

use super::dialect::Dialect;
use crate::event::Event;
use crate::ingest::allowance::Allowance;
use crate::ingest::arrival::is_plausible;
use crate::ingest::firehose::Step;
use crate::ingest::meters::{dropped, received};
use crate::ingest::report::Report;
use crate::{Interest, RecordAction, RecordEvent, Rejection, RepoStatus, now_micros};

/// Reads frames, drops what is wrong or unwanted and counts why.
pub(in crate::ingest) struct Admission {
    log: EventLog,
    decompressor: Option<(Dialect, Decompressor)>,
    /// The last `seen_at` given out: each is later than the one before, whatever the system's clock does.
    seen_at: i64,
    /// Of records that were refused.
    reports: Allowance,
}

/// What a message comes to.
#[expect(clippy::large_enum_variant, reason = "it is taken apart at once, and never kept")]
pub(in crate::ingest) enum Heard {
    /// Something happened.
    Event(Admitted),
    /// The server does not remember what it was asked for; what follows is the oldest that it has.
    Forgotten,
    /// The server ends the stream, and why.
    End(String),
    /// Nothing, or nothing that can be believed.
    Nothing,
}

/// An event that was read.
pub(in crate::ingest) struct Admitted {
    /// The source's time: the cursor once the effects are committed.
    pub(super) time_us: i64,
    /// `None` if there is nothing to apply.
    pub(super) event: Option<Event>,
    /// What became of a repository as a whole.
    pub(super) step: Option<(Did, Step)>,
}

impl Admission {
    pub(in crate::ingest) fn new(log: EventLog) -> Self {
        Self { log, decompressor: None, seen_at: 0, reports: Allowance::default() }
    }

    /// Reads a message.
    pub(super) fn admit(&mut self, message: Message, dialect: Dialect, interest: &Interest) -> Heard {
        let frame = match self.said(message, dialect) {
            Ok(Some(Said::Event(frame))) => frame,
            Ok(Some(Said::Info { name })) if name == "OutdatedCursor" => return Heard::Forgotten,
            Ok(Some(Said::Error { name, message })) => return Heard::End(format!("{name} {message}")),
            Ok(Some(Said::Info { .. }) | None) => return Heard::Nothing,
            Ok(Some(Said::Unknown)) => {
                dropped("unknown_kind");
                return Heard::Nothing;
            }
            Err(error) => {
                dropped(error.reason());
                tracing::debug!(%error, "dropped a frame");
                return Heard::Nothing;
            }
        };
        let now = now_micros();
        if !is_plausible(frame.time_us, now) {
            dropped("future_time");
            return Heard::Nothing;
        }
        self.seen_at = now.max(self.seen_at + 1);
        let time_us = frame.time_us;
        if let Kind::Sync(_) = frame.kind {
            received("sync");
            return Heard::Event(Admitted { time_us, event: None, step: Some((frame.did, Step::Jumped)) });
        }
        Heard::Event(Admitted { time_us, event: self.event(frame, interest), step: None })
    }

    fn said(&mut self, message: Message, dialect: Dialect) -> Result<Option<Said>, FrameError> {
        let json = match message {
            Message::Text(text) => Bytes::from(text),
            Message::Binary(compressed) => match &mut self.decompressor {
                Some((of, decompressor)) if *of == dialect => decompressor.decompress(&compressed)?,
                // Made when it is first needed: it holds a buffer for the largest event.
                slot => slot.insert((dialect, dialect.decompressor()?)).1.decompress(&compressed)?,
            },
            Message::Ping(_) | Message::Pong(_) | Message::Close(_) | Message::Frame(_) => return Ok(None),
        };
        dialect.parse(json).map(Some)
    }

    fn event(&mut self, frame: Frame, interest: &Interest) -> Option<Event> {
        match frame.kind {
            Kind::Commit(commit) if !interest.contains(&commit.collection) => {
                received("unwanted");
                None
            }
            Kind::Commit(commit) => {
                received(commit.operation.as_str());
                self.record(frame.did, commit).map(Event::Record)
            }
            Kind::Identity(_) => {
                received("identity");
                Some(Event::Identity { did: frame.did })
            }
            Kind::Account(account) => {
                received("account");
                let status = RepoStatus::of(&account);
                Some(Event::Account { did: frame.did, status, seen_at: self.seen_at })
            }
            Kind::Sync(_) | Kind::Unknown => {
                dropped("unknown_kind");
                None
            }
        }
    }

    fn record(&mut self, did: Did, commit: Commit) -> Option<RecordEvent> {
        let action = match &commit.operation {
            Operation::Create(written) | Operation::Update(written) => {
                match RecordAction::put(&written.json, written.cid) {
                    Ok(action) => action,
                    Err(rejection) => {
                        dropped(rejection.reason());
                        self.report(&did, &commit, &rejection);
                        return None;
                    }
                }
            }
            Operation::Delete => RecordAction::Delete,
        };
        let Commit { rev, collection, rkey, .. } = commit;
        Some(RecordEvent { did, collection, rkey, rev, seen_at: self.seen_at, made_at: None, action })
    }

    /// Anybody can write records that are none, as many as they like.
    fn report(&mut self, did: &Did, commit: &Commit, rejection: &Rejection) {
        if !self.reports.take(self.seen_at) {
            return;
        }
        let Commit { collection, rkey, .. } = commit;
        tracing::warn!(%did, %collection, %rkey, error = %rejection, "record.{}", rejection.reason());
        let (did, collection, rkey) = (did.as_str(), collection.as_str(), rkey.as_str());
        Report { log: &self.log, did, collection, rkey }.rejected(rejection);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use atproto::Nsid;
    use events::{EventLog, Filter};
    use tokio_util::sync::CancellationToken;

    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_flood_of_nonsense_does_not_fill_the_event_log() {
        testkit::on_each_engine(&[&events::SCHEMA], |store| async move {
            let (log, writer) = EventLog::open(&store.state, None);
            let mut admission = Admission::new(log.clone());
            let collection = Nsid::parse("com.example.note").unwrap();
            let interest = Interest { index: BTreeSet::from([collection]), watch: BTreeSet::new() };
            let nonsense = r#"{"did":"did:plc:aliceaaaaaaaaaaaaaaaaaaa","time_us":1,"kind":"commit","commit":{"rev":"3jzfcijpj2z2a",
                "operation":"create","collection":"com.example.note","rkey":"a","record":[1]}}"#;
            for _ in 0..1000 {
                let heard = admission.admit(nonsense.into(), Dialect::V1, &interest);
                assert!(matches!(heard, Heard::Event(Admitted { event: None, .. })));
            }
            let stopped = CancellationToken::new();
            stopped.cancel();
            writer.run(stopped).await;
            let told = log.count(Filter::default()).await.unwrap();
            // A minute may end meanwhile.
            assert!((60..=120).contains(&told), "{told}");
        })
        .await;
    }
}
