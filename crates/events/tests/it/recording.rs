//! Getting events into the log, and never in the way.

use std::time::{Duration, Instant};

use events::{Event, EventLog, Filter, Severity, kinds};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::support::{all, finish, log_of, on_each_engine, subjects};

#[tokio::test(flavor = "multi_thread")]
async fn everything_about_an_event_is_kept() {
    on_each_engine(async |store| {
        let full = Event::new(kinds::USER_CREATED)
            .severity(Severity::Warn)
            .actor("did:plc:alice")
            .subject("did:plc:bob")
            .detail(json!({ "template": "viewer", "text": "é\u{0}\"" }));
        let log = log_of(&store, [full, Event::new(kinds::SETUP_COMPLETED)]).await;
        let [bare, full] = &all(&log, Filter::default()).await[..] else { panic!("two events") };
        assert_eq!((&*full.event_type, &*full.severity), ("user.created", "warn"));
        assert_eq!(full.actor_did.as_deref(), Some("did:plc:alice"));
        assert_eq!(full.subject.as_deref(), Some("did:plc:bob"));
        let detail: Value = serde_json::from_str(&full.detail).unwrap();
        assert_eq!(detail, json!({ "template": "viewer", "text": "é\u{0}\"" }));
        assert_eq!((&bare.actor_did, &bare.subject, &*bare.detail), (&None, &None, "{}"));
        assert!(full.id < bare.id && full.created_at <= bare.created_at);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_recorded_while_the_server_runs_is_written_soon() {
    on_each_engine(async |store| {
        let (log, writer) = EventLog::open(&store.state, None);
        let stop = CancellationToken::new();
        let running = tokio::spawn(writer.run(stop.clone()));
        log.record(Event::new(kinds::DOMAIN_CREATED).subject("first"));
        let started = Instant::now();
        while log.count(Filter::default()).await.unwrap() == 0 {
            assert!(started.elapsed() < Duration::from_secs(5));
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert_eq!(subjects(&log, Filter::default()).await, ["first"]);
        log.record(Event::new(kinds::DOMAIN_CREATED).subject("last"));
        stop.cancel();
        running.await.unwrap();
        assert_eq!(subjects(&log, Filter::default()).await, ["last", "first"]);
        log.record(Event::new(kinds::DOMAIN_CREATED).subject("too late"));
        assert_eq!(subjects(&log, Filter::default()).await.len(), 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_drops_events_and_delays_nobody() {
    on_each_engine(async |store| {
        let (log, writer) = EventLog::open(&store.state, None);
        for n in 0..5000 {
            log.record(Event::new(kinds::SCRIPT_LOG).subject(&n.to_string()));
        }
        finish(writer).await;
        assert_eq!(log.count(Filter::default()).await.unwrap(), 4096);
        let newest = &all(&log, Filter::default()).await[0];
        assert_eq!(newest.subject.as_deref(), Some("4095"), "the oldest are the ones that are kept");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_refuses_costs_the_events_of_that_time_only() {
    on_each_engine(async |store| {
        let (log, writer) = EventLog::open(&store.state, None);
        let stop = CancellationToken::new();
        let running = tokio::spawn(writer.run(stop.clone()));
        let rename = async |sql: &'static str| {
            store.state.write(move |conn| conn.execute(sql, &[])).await.unwrap();
        };
        rename("ALTER TABLE event_logs RENAME TO hidden").await;
        log.record(Event::new(kinds::DOMAIN_CREATED).subject("lost"));
        // Long enough for the writer to have met the missing table.
        tokio::time::sleep(Duration::from_millis(300)).await;
        rename("ALTER TABLE hidden RENAME TO event_logs").await;
        log.record(Event::new(kinds::DOMAIN_CREATED).subject("kept"));
        stop.cancel();
        running.await.unwrap();
        assert_eq!(subjects(&log, Filter::default()).await, ["kept"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn events_of_every_record_are_written_only_when_asked_for() {
    on_each_engine(async |store| {
        let (log, writer) = EventLog::open(&store.state, None);
        let record = |subject| log.record(Event::new(kinds::RECORD_CREATED).subject(subject));
        record("quiet");
        log.set_verbose(true);
        record("verbose");
        log.set_verbose(false);
        record("quiet again");
        finish(writer).await;
        assert_eq!(subjects(&log, Filter::default()).await, ["verbose"]);
    })
    .await;
}
