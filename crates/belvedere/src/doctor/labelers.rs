//! Which labelers are listened to, and whether they can be heard.

use atproto::Did;
use events::{EventLog, Filter, Query, StoredEvent, kinds};
use labels::{Labeler, LabelerStatus, Labelers, lease_of};
use records::{Records, Source};
use serde_json::Value;

use super::Finding;
use super::patient::{Opened, Patient};
use crate::output::now_micros;

pub(super) async fn check(patient: &Patient) -> Vec<Finding> {
    let Opened::Open(store) = &patient.store else { return Vec::new() };
    // Nothing is done here that an event would tell of.
    let (log, _) = EventLog::open(&store.state, None);
    let labelers = match Labelers::new(store, log.clone()).list().await {
        Ok(labelers) => labelers,
        Err(error) => return vec![Finding::fail(error.to_string(), "see database")],
    };
    if labelers.is_empty() {
        return vec![Finding::ok("no labeler is listened to; add one with `belvedere labeler add DID`")];
    }
    let (records, now) = (Records::new(store, crate::databases::projections()), now_micros());
    let mut findings = Vec::new();
    for labeler in labelers {
        findings.push(match seen(&records, &log, &labeler).await {
            Ok((lease, last)) => heard(&labeler, lease.as_ref(), last.as_ref(), now),
            Err(error) => Finding::fail(format!("{error:#}"), "see database"),
        });
    }
    findings
}

/// Who follows a labeler, and what happened to its connection last.
async fn seen(
    records: &Records,
    log: &EventLog,
    labeler: &Labeler,
) -> anyhow::Result<(Option<Source>, Option<StoredEvent>)> {
    let lease = records.holder(&lease_of(&Did::parse(&labeler.did)?)).await?;
    let filter = Filter {
        categories: vec!["labeler".to_owned()],
        subject: Some(labeler.did.clone()),
        ..Filter::default()
    };
    let events = log.query(Query { filter, limit: 10, after: None }).await?.events;
    let of_connection = [kinds::LABELER_CONNECTED, kinds::LABELER_DISCONNECTED].map(events::Kind::name);
    let last = events.into_iter().find(|event| of_connection.contains(&event.event_type.as_str()));
    Ok((lease, last))
}

fn heard(labeler: &Labeler, lease: Option<&Source>, last: Option<&StoredEvent>, now: i64) -> Finding {
    let Labeler { did, status, cursor, .. } = labeler;
    if *status == LabelerStatus::Paused {
        return Finding::ok(format!("{did} is paused; `belvedere labeler resume {did}` goes on"));
    }
    let position =
        cursor.map_or_else(|| "no label yet".to_owned(), |cursor| format!("labels up to message {cursor}"));
    if lease.is_none_or(|lease| lease.holder.is_none() || lease.lease_expires <= now) {
        return Finding::warn(
            format!("{did}: {position}, and nobody follows it now: its newest labels are not here"),
            "start `belvedere serve`",
        );
    }
    match last.filter(|event| event.event_type == kinds::LABELER_DISCONNECTED.name()) {
        None => Finding::ok(format!("{did}: {position}, connected")),
        Some(event) => {
            let detail = serde_json::from_str::<Value>(&event.detail).unwrap_or_default();
            let reason = detail["reason"].as_str().unwrap_or("no reason is known");
            Finding::warn(
                format!("{did}: {position}, and it cannot be reached: {reason}"),
                format!(
                    "it is tried again every few minutes; if it is gone for good, `belvedere labeler remove {did}`"
                ),
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Status;

    fn labeler(status: LabelerStatus) -> Labeler {
        Labeler { did: "did:plc:mod".into(), status, cursor: Some(7), created_at: 0, updated_at: 0 }
    }

    fn lease(until: i64) -> Source {
        let name = "labels/did:plc:mod".to_owned();
        Source { name, time_us: None, holder: Some("me".into()), lease_expires: until }
    }

    fn event(kind: events::Kind) -> StoredEvent {
        StoredEvent {
            id: "1".into(),
            event_type: kind.name().into(),
            severity: "info".into(),
            actor_did: None,
            subject: Some("did:plc:mod".into()),
            detail: r#"{"reason":"refused"}"#.into(),
            created_at: 0,
        }
    }

    #[test]
    fn one_is_connected_or_it_is_said_why_not() {
        let active = labeler(LabelerStatus::Active);
        let found = |lease: Option<&Source>, last: Option<&StoredEvent>| heard(&active, lease, last, 0);
        let (connected, lost) = (event(kinds::LABELER_CONNECTED), event(kinds::LABELER_DISCONNECTED));
        assert_eq!(found(Some(&lease(1)), Some(&connected)).status, Status::Ok);
        let failing = found(Some(&lease(1)), Some(&lost));
        assert!(failing.status == Status::Warn && failing.detail.contains("refused"), "{failing:?}");
        assert!(failing.advice.unwrap().contains("labeler remove"));
        for unheard in [found(None, None), found(Some(&lease(0)), Some(&connected))] {
            assert!(unheard.status == Status::Warn && unheard.advice.unwrap().contains("serve"));
        }
        assert_eq!(heard(&labeler(LabelerStatus::Paused), None, Some(&lost), 0).status, Status::Ok);
    }
}
