//! How far the stream has been followed, by whom, and what was missed.

use records::{Gap, Records, Source};

use super::Finding;
use super::patient::{Opened, Patient};
use crate::output::{instant, now_micros, span};

/// Quiet collections have long pauses, so only a person can tell whether this is too long.
const LONG: i64 = 600;

pub(super) async fn check(patient: &Patient) -> Vec<Finding> {
    let Opened::Open(store) = &patient.store else { return Vec::new() };
    let records = Records::new(store, Vec::new());
    let asked = async { Ok::<_, records::Error>((records.sources().await?, records.gaps().await?)) };
    match asked.await {
        Ok((sources, gaps)) => {
            let now = now_micros();
            let mut findings: Vec<Finding> = sources.iter().map(|source| followed(source, now)).collect();
            if findings.is_empty() {
                findings.push(Finding::ok("no stream has been followed yet"));
            }
            findings.push(missed(&gaps));
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

fn missed(gaps: &[Gap]) -> Finding {
    let open: Vec<&Gap> = gaps.iter().filter(|gap| gap.repaired_at.is_none()).collect();
    match open.first() {
        None => Finding::ok("nothing was missed"),
        Some(newest) => Finding::warn(
            format!(
                "{} gaps, the newest in {} from {} to {} ({})",
                open.len(),
                newest.source,
                instant(newest.from_us),
                instant(newest.to_us),
                newest.reason
            ),
            "what was written then is missing here until it changes; a server that is down for less time misses nothing",
        ),
    }
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
    fn only_gaps_that_are_open_matter() {
        let gap = |repaired_at| Gap {
            source: "jetstream".into(),
            from_us: 0,
            to_us: 1,
            reason: "too old".into(),
            found_at: 2,
            repaired_at,
        };
        assert_eq!(missed(&[gap(Some(3))]).status, Status::Ok);
        assert_eq!(missed(&[gap(Some(3)), gap(None)]).status, Status::Warn);
    }
}
