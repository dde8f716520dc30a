//! What an answer means for a delivery, for its host and for what comes after it.

use std::time::Duration;

use http::{HeaderMap, StatusCode, header};
use outbound::Response;
use store::{Conn, Error, v};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;

use super::claim::{LEASE, delivery};
use super::{Delivery, schedule};
use crate::hosts::{self, Health};

/// Characters of a reason that are kept.
const MAX_REASON: usize = 300;

/// How an attempt ended.
#[derive(Clone, Debug)]
pub(super) enum Outcome {
    /// It has been taken.
    Delivered(StatusCode),
    /// There is no such inbox any more.
    Gone(StatusCode),
    /// It will never be taken.
    Refused(Option<StatusCode>, String),
    /// It may be taken later.
    Later {
        status: Option<StatusCode>,
        why: String,
        asked: Option<Duration>,
        /// Whether something is wrong with the host, and not with this delivery or this server.
        of_host: bool,
    },
    /// It was not even tried, because something of this server holds back from the host.
    Postponed(Duration),
}

impl Outcome {
    pub(super) fn label(&self) -> &'static str {
        match self {
            Self::Delivered(_) => "delivered",
            Self::Gone(_) => "gone",
            Self::Refused(..) => "refused",
            Self::Later { .. } => "later",
            Self::Postponed(_) => "postponed",
        }
    }
}

/// What the answer of an inbox means (spec/social.md §4.10).
pub(super) fn judge(answer: &Response) -> Outcome {
    judged(answer.status, &answer.headers)
}

/// The pause after so many attempts and an answer, in microseconds, if it is tried again.
pub(crate) fn pause_after(status: StatusCode, headers: &HeaderMap, attempts: i64) -> Option<i64> {
    match judged(status, headers) {
        Outcome::Later { asked, .. } => Some(schedule::pause(attempts, asked, 1, 1.0)),
        _ => None,
    }
}

fn judged(status: StatusCode, headers: &HeaderMap) -> Outcome {
    let why = format!("the inbox answered {status}");
    match status.as_u16() {
        200..=299 => Outcome::Delivered(status),
        404 | 410 => Outcome::Gone(status),
        401 | 408 | 425 | 429 | 500..=599 => {
            let asked = headers.get(header::RETRY_AFTER).and_then(|value| value.to_str().ok());
            let asked = asked.and_then(|asked| wait(asked.trim(), OffsetDateTime::now_utc()));
            Outcome::Later { status: Some(status), why, asked, of_host: status.is_server_error() }
        }
        _ => Outcome::Refused(Some(status), why),
    }
}

/// How long a host wants us to wait: so many seconds, or until a date (RFC 9110 §10.2.3).
fn wait(asked: &str, now: OffsetDateTime) -> Option<Duration> {
    if let Ok(seconds) = asked.parse() {
        return Some(Duration::from_secs(seconds));
    }
    // A date of HTTP is one of mail whose zone is spelt `GMT`. One that has passed asks for nothing.
    let until = OffsetDateTime::parse(asked, &Rfc2822).ok()?;
    Some((until - now).try_into().unwrap_or_default())
}

/// What it means that there is none.
pub(super) fn unanswered(error: &outbound::Error) -> Outcome {
    if let Some(wait) = error.retry_after() {
        return Outcome::Postponed(wait);
    }
    match error {
        outbound::Error::Busy { .. } => Outcome::Postponed(Duration::from_secs(1)),
        outbound::Error::Refused { .. } => Outcome::Refused(None, error.to_string()),
        error => Outcome::Later { status: None, why: error.to_string(), asked: None, of_host: true },
    }
}

/// Keeps the outcome, and takes up what the same sender sends to the same host next, in one transaction.
pub(super) fn settle(
    conn: &mut Conn<'_>,
    now: i64,
    done: &Delivery,
    outcome: &Outcome,
    scale: u32,
) -> Result<Option<Delivery>, Error> {
    match outcome {
        Outcome::Delivered(status) => {
            end(conn, now, done, "delivered", Some(*status), None)?;
            hosts::succeeded(conn, now, &done.host)?;
        }
        Outcome::Gone(status) => {
            end(conn, now, done, "failed", Some(*status), Some("there is no such inbox"))?;
            hosts::succeeded(conn, now, &done.host)?;
        }
        Outcome::Refused(status, why) => end(conn, now, done, "failed", *status, Some(why))?,
        Outcome::Later { status, why, asked, of_host } => {
            if *of_host && hosts::failed(conn, now, &done.host, scale)? == Health::Unavailable {
                return Ok(None);
            }
            if done.attempts + 1 >= schedule::ATTEMPTS || faults::mutant!("federation-delivery-given-up") {
                end(conn, now, done, "failed", *status, Some(why))?;
            } else {
                let due_at = now + schedule::pause(done.attempts + 1, *asked, scale, rand::random());
                again(conn, done, done.attempts + 1, due_at, *status, why)?;
                return Ok(None);
            }
        }
        Outcome::Postponed(wait) => {
            super::claim::release(conn, done.id, now + clock::micros(*wait))?;
            return Ok(None);
        }
    }
    next(conn, now, done)
}

fn end(
    conn: &mut Conn<'_>,
    now: i64,
    done: &Delivery,
    state: &str,
    status: Option<StatusCode>,
    why: Option<&str>,
) -> Result<(), Error> {
    let why = why.map(|why| why.chars().take(MAX_REASON).collect::<String>());
    conn.execute(
        "UPDATE social_deliveries SET state = $2, attempts = attempts + 1, last_status = $3, last_error = $4, settled_at = $5, leased_to = 0
         WHERE id = $1 AND state = 'queued'",
        &[v(done.id), v(state), v(status.map(|status| status.as_u16())), v(why.as_deref()), v(now)],
    )?;
    Ok(())
}

fn again(
    conn: &mut Conn<'_>,
    done: &Delivery,
    attempts: i64,
    due_at: i64,
    status: Option<StatusCode>,
    why: &str,
) -> Result<(), Error> {
    let why: String = why.chars().take(MAX_REASON).collect();
    conn.execute(
        "UPDATE social_deliveries SET attempts = $2, due_at = $3, last_status = $4, last_error = $5, leased_to = 0
         WHERE id = $1 AND state = 'queued'",
        &[v(done.id), v(attempts), v(due_at), v(status.map(|status| status.as_u16())), v(&why)],
    )?;
    Ok(())
}

fn next(conn: &mut Conn<'_>, now: i64, done: &Delivery) -> Result<Option<Delivery>, Error> {
    let order = if faults::mutant!("federation-order-lost") { "DESC" } else { "ASC" };
    let sql = format!(
        "UPDATE social_deliveries SET leased_to = $4 WHERE id = (
            SELECT id FROM social_deliveries WHERE state = 'queued' AND host = $1 AND sender = $2 ORDER BY id {order} LIMIT 1
         ) AND state = 'queued' AND due_at <= $3 AND leased_to <= $3
         RETURNING id, activity, sender, host, inbox, attempts"
    );
    conn.query_opt(&sql, &[v(&done.host), v(done.sender), v(now), v(now + LEASE)], delivery)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn a_host_says_when_to_come_back_in_either_form() {
        let in_an_hour = (OffsetDateTime::now_utc() + Duration::from_hours(1)).format(&Rfc2822).unwrap();
        for asked in ["3600".to_owned(), in_an_hour.replace("+0000", "GMT")] {
            let value = HeaderValue::try_from(&asked).unwrap();
            let headers = HeaderMap::from_iter([(header::RETRY_AFTER, value)]);
            let pause = pause_after(StatusCode::SERVICE_UNAVAILABLE, &headers, 1).unwrap();
            assert!((3_590_000_000..=3_600_000_000).contains(&pause), "{asked}: {pause}");
        }
        let usual = pause_after(StatusCode::SERVICE_UNAVAILABLE, &HeaderMap::new(), 1).unwrap();
        assert!(usual < 20_000_000, "{usual}");
    }
}
