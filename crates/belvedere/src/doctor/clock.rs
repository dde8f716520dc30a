//! Whether this machine's clock agrees with that of the directory.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;

use super::Finding;
use super::patient::Patient;
use crate::output::span;

/// `Date` headers have seconds, and the answer was under way for a while.
const UNSURE: i64 = 5;

/// From here on tokens that name a time are refused by others, and ours of others.
const WRONG: i64 = 60;

const ADVICE: &str = "set the clock, and keep it right with NTP";

pub(super) async fn check(patient: &Patient) -> Vec<Finding> {
    let Ok(answer) = patient.plc().await else {
        return vec![Finding::warn("nobody to compare the clock with", "see plc")];
    };
    let theirs = answer.date.as_deref().and_then(|date| OffsetDateTime::parse(date, &Rfc2822).ok());
    vec![match theirs {
        Some(theirs) => finding((answer.at - theirs).whole_seconds()),
        None => {
            Finding::warn("the directory does not say what time it is", "compare the clock yourself: date -u")
        }
    }]
}

/// `ahead`: seconds by which our clock is ahead of theirs.
fn finding(ahead: i64) -> Finding {
    let way = if ahead < 0 { "behind" } else { "ahead" };
    let detail = format!("{} {way}", span(ahead.abs()));
    if ahead.abs() <= UNSURE {
        Finding::ok("right to the second")
    } else if ahead.abs() < WRONG {
        Finding::warn(detail, ADVICE)
    } else {
        Finding::fail(detail, ADVICE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Status;

    #[test]
    fn seconds_do_not_matter_and_minutes_do() {
        let status = |ahead| finding(ahead).status;
        assert_eq!(
            [-5, 6, -59, 60, -3600].map(status),
            [Status::Ok, Status::Warn, Status::Warn, Status::Fail, Status::Fail]
        );
        assert_eq!(finding(-3600).detail, "60 min behind");
    }

    #[test]
    fn date_headers_can_be_read() {
        let date = OffsetDateTime::parse("Tue, 14 Nov 2023 22:13:20 GMT", &Rfc2822).unwrap();
        assert_eq!(date.unix_timestamp(), 1_700_000_000);
    }
}
