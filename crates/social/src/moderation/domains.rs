//! Rules of this instance about other hosts and those below them.

use serde::{Deserialize, Serialize};
use store::{Conn, v};
use utoipa::ToSchema;

use crate::relations::{reject, unfollow};
use crate::{Error, Id, users};

/// What is done about a host.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = SocialDomainRule)]
pub enum Rule {
    /// It may speak with this instance where only those may that are allowed.
    Allow,
    /// Its people are in no list of everybody's.
    Silence,
    /// Nothing of it is shown, taken or sent.
    #[default]
    Suspend,
}

impl Rule {
    const fn name(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Silence => "silence",
            Self::Suspend => "suspend",
        }
    }

    /// What it does to people.
    const fn column(self) -> Option<&'static str> {
        match self {
            Self::Allow => None,
            Self::Silence => Some("silenced_at"),
            Self::Suspend => Some("suspended_at"),
        }
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        [Self::Allow, Self::Silence, Self::Suspend].into_iter().find(|rule| rule.name() == name)
    }
}

/// The rule about a host: its own, or that of the nearest host above it.
pub fn rule_of(conn: &mut Conn<'_>, host: &str) -> Result<Option<Rule>, Error> {
    let host = host.to_lowercase();
    // A rule about a host without a port is about all of its ports.
    let name = host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()));
    let mut candidates = vec![host.as_str()];
    let mut rest = name.map_or(host.as_str(), |(name, _)| name);
    candidates.push(rest);
    while let Some((_, above)) = rest.split_once('.') {
        candidates.push(above);
        rest = above;
    }
    for candidate in candidates {
        let sql = "SELECT rule FROM social_domains WHERE domain = $1";
        if let Some(rule) = conn.query_opt(sql, &[v(candidate)], |row| row.string(0))? {
            return Ok(Rule::named(&rule));
        }
    }
    Ok(None)
}

/// Makes a rule, in place of one that there was. It counts at once for everybody of that host who is known here; if it is to suspend,
/// follows in both directions end.
pub fn set_rule(
    conn: &mut Conn<'_>,
    now: i64,
    domain: &str,
    rule: Rule,
    reason: Option<&str>,
) -> Result<(), Error> {
    lift(conn, domain)?;
    conn.execute(
        "INSERT INTO social_domains (domain, rule, reason, created_at) VALUES ($1, $2, $3, $4)",
        &[v(domain), v(rule.name()), v(reason), v(now)],
    )?;
    if rule == Rule::Suspend {
        sever(conn, now, domain)?;
    }
    let Some(column) = rule.column() else { return Ok(()) };
    let ([below, port], there) = (patterns(domain), IS_THERE);
    let sql = format!("UPDATE social_users AS u SET {column} = $4 WHERE u.{column} IS NULL AND {there}");
    conn.execute(&sql, &[v(domain), v(&below), v(&port), v(now)])?;
    Ok(())
}

/// Ends a rule. Follows do not come back.
pub fn remove_rule(conn: &mut Conn<'_>, domain: &str) -> Result<(), Error> {
    if lift(conn, domain)? { Ok(()) } else { Err(Error::NotFound("domain")) }
}

/// Takes a rule away, and what it did to people: those who were suspended or silenced in the moment that it was made. Whether there
/// was one.
fn lift(conn: &mut Conn<'_>, domain: &str) -> Result<bool, Error> {
    let sql = "DELETE FROM social_domains WHERE domain = $1 RETURNING created_at";
    let Some(made_at) = conn.query_opt(sql, &[v(domain)], |row| row.int(0))? else { return Ok(false) };
    let ([below, port], there) = (patterns(domain), IS_THERE);
    for column in ["suspended_at", "silenced_at"] {
        let sql = format!("UPDATE social_users AS u SET {column} = NULL WHERE u.{column} = $4 AND {there}");
        conn.execute(&sql, &[v(domain), v(&below), v(&port), v(made_at)])?;
    }
    Ok(true)
}

/// People of a host, with whatever port, or of one below it.
const IS_THERE: &str =
    "u.host IS NOT NULL AND (u.host = $1 OR u.host LIKE $2 ESCAPE '\\' OR u.host LIKE $3 ESCAPE '\\')";

fn patterns(domain: &str) -> [String; 2] {
    let escaped = domain.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    [format!("%.{escaped}"), format!("{escaped}:%")]
}

/// Ends all follows between people here and people of a host or below it.
fn sever(conn: &mut Conn<'_>, now: i64, domain: &str) -> Result<(), Error> {
    let [below, port] = patterns(domain);
    let sql = format!(
        "SELECT f.follower, f.followed, 1 FROM social_follows f JOIN social_users u ON u.id = f.follower WHERE {IS_THERE}
         UNION ALL
         SELECT f.follower, f.followed, 0 FROM social_follows f JOIN social_users u ON u.id = f.followed WHERE {IS_THERE}"
    );
    let follows = conn.query(&sql, &[v(domain), v(&below), v(&port)], |row| {
        Ok::<_, Error>((Id(row.int(0)?), Id(row.int(1)?), row.bool(2)?))
    })?;
    for (follower, followed, came) in follows {
        let (follower, followed) = (users::by_id(conn, follower)?, users::by_id(conn, followed)?);
        let (Some(follower), Some(followed)) = (follower, followed) else { continue };
        let ended = if came {
            reject(conn, now, &follower, &followed)
        } else {
            unfollow(conn, now, &follower, &followed)
        };
        match ended {
            Err(Error::NotFound(_)) => {}
            ended => ended?,
        }
    }
    Ok(())
}
