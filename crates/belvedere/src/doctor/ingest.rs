//! How far the stream has been followed, by whom, and what was missed.

use records::{Gap, Records, Source};

use super::Finding;
use super::patient::{Opened, Patient};
use crate::output::{instant, now_micros, span};

/// Quiet collections have long pauses, so only a person can tell whether this is too long.
const LONG: i64 = 600;

pub(super) async fn check(patient: &Patient) -> Vec<Finding> {
    let Opened::Open(store) = &patient.store else { return Vec::new() };
    let records = Records::new(store, crate::databases::projections());
    let asked = async { Ok::<_, records::Error>((records.sources().await?, records.open_gaps().await?)) };
    match asked.await {
        Ok((sources, gaps)) => {
            let now = now_micros();
            let mut findings: Vec<Finding> = sources.iter().map(|source| followed(source, now)).collect();
            if findings.is_empty() {
                findings.push(Finding::ok("no stream has been followed yet"));
            }
            findings.push(missed(&gaps, patient.settings.backfill_repair_gaps));
            findings
        }
        Err(error) => vec![Finding::fail(error.to_string(), "see database")],
    }
}

fn followed(source: &Source, now: i64) -> Finding {
    let seconds = source.time_us.map(|time| (now - time) / 1_000_000);
    let position = seconds
        .map_or_else(|| "no event yet".to_owned(), |seconds| format!("last event {} ago", span(seconds)));
    let detail = format!("{}: {position}", source.name);
    match &source.holder {
        Some(_) if source.lease_expires > now && seconds.is_some_and(|seconds| seconds > LONG) => {
            Finding::warn(
                detail,
                "fine if the collections are quiet; else the server's log says what it waits for",
            )
        }
        Some(holder) if source.lease_expires > now => Finding::ok(format!("{detail}, followed by {holder}")),
        _ => Finding::warn(format!("{detail}, and nobody follows it now"), "start `belvedere serve`"),
    }
}

/// `open` are the gaps that are still to be repaired, the newest last.
fn missed(open: &[Gap], are_repaired: bool) -> Finding {
    let Some(newest) = open.last() else { return Finding::ok("nothing of the stream is missing") };
    Finding::warn(
        format!(
            "{} gaps, the newest in {} from {} to {} ({})",
            open.len(),
            newest.source,
            instant(newest.from_us),
            instant(newest.to_us),
            newest.reason
        ),
        if are_repaired {
            "a running server fetches what was written then: belvedere backfill list"
        } else {
            "backfill_repair_gaps is off; fetch what was written then with `belvedere backfill start`"
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Status;

    fn source(seconds_ago: i64, lease: i64) -> Source {
        Source {
            name: "jetstream".into(),
            time_us: Some(-seconds_ago * 1_000_000),
            holder: Some("me".into()),
            lease_expires: lease,
        }
    }

    #[test]
    fn a_stream_is_followed_lately_or_not() {
        let status = |source| followed(&source, 0).status;
        assert_eq!(status(source(10, 1)), Status::Ok);
        assert_eq!(status(source(601, 1)), Status::Warn);
        assert_eq!(status(source(10, 0)), Status::Warn);
    }

    #[test]
    fn a_gap_says_who_mends_it() {
        let gap = Gap {
            id: 1,
            source: "jetstream".into(),
            from_us: 0,
            to_us: 1,
            reason: "too old".into(),
            found_at: 2,
            repaired_at: None,
        };
        assert_eq!(missed(&[], true).status, Status::Ok);
        let advice = |are_repaired| missed(std::slice::from_ref(&gap), are_repaired).advice.unwrap();
        assert!(advice(true).contains("running server"), "{}", advice(true));
        assert!(advice(false).contains("backfill start"), "{}", advice(false));
    }
}
