//! Whether a host can be reached: after failures in a row it is asked rarely, after a week not at all, until it is heard of.

use store::{Conn, v};

/// Failures in a row after which a host is only probed.
const SUSPICIOUS: i64 = 10;

/// The first pause between probes; it doubles up to the longest. Microseconds.
const FIRST_PAUSE: i64 = 60_000_000;
const LONGEST_PAUSE: i64 = 6 * 3_600_000_000;

/// Without success for so long, a host is given up.
const GIVEN_UP_AFTER: i64 = 7 * 86_400_000_000;

/// How often a success is written down, if nothing else changes.
const NOTED_EVERY: i64 = 60_000_000;

/// What a failure has come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Health {
    /// It is tried again as if nothing had been.
    Well,
    /// It is probed at this time.
    Paused(i64),
    /// It is given up.
    Unavailable,
}

/// A request was answered. Writes only if that is news: after failures, what waits for the host can be sent now.
pub(crate) fn succeeded(conn: &mut Conn<'_>, now: i64, host: &str) -> Result<(), store::Error> {
    let find = "SELECT failures, unavailable, coalesce(last_success_at, 0) FROM social_hosts WHERE host = $1";
    let known = conn.query_opt(find, &[v(host)], |row| {
        Ok::<_, store::Error>((row.bool(0)? || row.bool(1)?, row.int(2)?))
    })?;
    if known.is_some_and(|(failing, since)| !failing && since >= now - NOTED_EVERY) {
        return Ok(());
    }
    if known.is_some_and(|(failing, _)| failing) {
        heard(conn, now, host)?;
    }
    conn.execute(
        "INSERT INTO social_hosts (host, last_success_at) VALUES ($1, $2) ON CONFLICT (host) DO UPDATE SET last_success_at = $2",
        &[v(host), v(now)],
    )?;
    Ok(())
}

/// A request was not answered, or with an error that is the host's. Time passes `scale` times as fast as usual.
pub(crate) fn failed(conn: &mut Conn<'_>, now: i64, host: &str, scale: u32) -> Result<Health, store::Error> {
    let (failures, since) = conn.query_one(
        "INSERT INTO social_hosts (host, failures, first_failure_at) VALUES ($1, 1, $2)
         ON CONFLICT (host) DO UPDATE SET failures = social_hosts.failures + 1,
            first_failure_at = coalesce(social_hosts.first_failure_at, $2)
         RETURNING failures, first_failure_at",
        &[v(host), v(now)],
        |row| Ok::<_, store::Error>((row.int(0)?, row.int(1)?)),
    )?;
    let health = after(failures, since, now, i64::from(scale.max(1)));
    match health {
        Health::Well => {}
        Health::Paused(until) => {
            conn.execute("UPDATE social_hosts SET retry_at = $2 WHERE host = $1", &[v(host), v(until)])?;
        }
        Health::Unavailable => {
            conn.execute("UPDATE social_hosts SET unavailable = 1 WHERE host = $1", &[v(host)])?;
            conn.execute(
                "UPDATE social_deliveries SET state = 'failed', settled_at = $2, last_error = 'the host has not answered for a week'
                 WHERE host = $1 AND state = 'queued'",
                &[v(host), v(now)],
            )?;
        }
    }
    Ok(health)
}

/// A signed request came from there: it is up, and what waits for it can be sent now.
pub(crate) fn heard(conn: &mut Conn<'_>, now: i64, host: &str) -> Result<(), store::Error> {
    social::health::revive(conn, now, host)
}

fn after(failures: i64, since: i64, now: i64, scale: i64) -> Health {
    if now - since >= GIVEN_UP_AFTER / scale {
        return Health::Unavailable;
    }
    if failures < SUSPICIOUS {
        return Health::Well;
    }
    let doublings = (failures - SUSPICIOUS).min(16);
    Health::Paused(now + (FIRST_PAUSE << doublings).min(LONGEST_PAUSE) / scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_left_alone_longer_and_longer() {
        assert_eq!(after(9, 0, 1, 1), Health::Well);
        assert_eq!(after(10, 0, 1, 1), Health::Paused(1 + FIRST_PAUSE));
        assert_eq!(after(12, 0, 1, 1), Health::Paused(1 + 4 * FIRST_PAUSE));
        assert_eq!(after(500, 0, 1, 1), Health::Paused(1 + LONGEST_PAUSE));
        assert_eq!(after(2, 0, GIVEN_UP_AFTER, 1), Health::Unavailable);
        assert_eq!(after(10, 0, 1, 1_000), Health::Paused(1 + FIRST_PAUSE / 1_000));
    }
}
