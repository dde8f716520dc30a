//! Rules of this instance about other hosts and those below them.

use serde::{Deserialize, Serialize};
use store::{Conn, v};
use utoipa::ToSchema;

use super::nearest::rules_of;
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
    pub(super) const fn column(self) -> Option<&'static str> {
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

/// Makes a rule, in place of one that there was. It counts at once for everybody known here whose host it is the nearest rule of; if it
/// is to suspend, follows in both directions end.
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
    settle(conn, domain)
}

/// Ends a rule: that of the nearest host above counts again. Follows do not come back.
pub fn remove_rule(conn: &mut Conn<'_>, domain: &str) -> Result<(), Error> {
    if lift(conn, domain)? { settle(conn, domain) } else { Err(Error::NotFound("domain")) }
}

/// Takes a rule away, and what it did to people: those who were suspended or silenced in the moment that it was made. Whether there
/// was one.
fn lift(conn: &mut Conn<'_>, domain: &str) -> Result<bool, Error> {
    let sql = "DELETE FROM social_domains WHERE domain = $1 RETURNING created_at";
    let Some(made_at) = conn.query_opt(sql, &[v(domain)], |row| row.int(0))? else { return Ok(false) };
    let ([below, port, both], there) = (patterns(domain), IS_THERE);
    for column in ["suspended_at", "silenced_at"] {
        let sql = format!("UPDATE social_users AS u SET {column} = NULL WHERE u.{column} = $5 AND {there}");
        conn.execute(&sql, &[v(domain), v(&below), v(&port), v(&both), v(made_at)])?;
    }
    Ok(true)
}

/// Makes the nearest rule true of everybody at a domain or below it, and no other.
fn settle(conn: &mut Conn<'_>, domain: &str) -> Result<(), Error> {
    for host in hosts(conn, domain)? {
        let rules = rules_of(conn, &host)?;
        for other in rules.iter().skip(1) {
            if let Some(column) = other.rule.column() {
                let sql =
                    format!("UPDATE social_users SET {column} = NULL WHERE host = $1 AND {column} = $2");
                conn.execute(&sql, &[v(&host), v(other.at)])?;
            }
        }
        if let Some((made, column)) = rules.first().and_then(|made| Some((made, made.rule.column()?))) {
            let sql = format!("UPDATE social_users SET {column} = $2 WHERE host = $1 AND {column} IS NULL");
            conn.execute(&sql, &[v(&host), v(made.at)])?;
        }
    }
    Ok(())
}

/// The hosts at a domain or below it that somebody known here is of.
fn hosts(conn: &mut Conn<'_>, domain: &str) -> Result<Vec<String>, Error> {
    let [below, port, both] = patterns(domain);
    let sql = format!("SELECT DISTINCT u.host FROM social_users u WHERE {IS_THERE}");
    Ok(conn.query(&sql, &[v(domain), v(&below), v(&port), v(&both)], |row| row.string(0))?)
}

/// People of a host, with whatever port, or of one below it.
const IS_THERE: &str =
    "u.host IS NOT NULL AND (u.host = $1 OR u.host LIKE $2 ESCAPE '\\' OR u.host LIKE $3 ESCAPE '\\'
    OR u.host LIKE $4 ESCAPE '\\')";

fn patterns(domain: &str) -> [String; 3] {
    let escaped = domain.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    [format!("%.{escaped}"), format!("{escaped}:%"), format!("%.{escaped}:%")]
}

/// Ends all follows between people here and people of a host or below it who have no nearer rule.
fn sever(conn: &mut Conn<'_>, now: i64, domain: &str) -> Result<(), Error> {
    let [below, port, both] = patterns(domain);
    let sql = format!(
        "SELECT f.follower, f.followed, 1 FROM social_follows f JOIN social_users u ON u.id = f.follower WHERE {IS_THERE}
         UNION ALL
         SELECT f.follower, f.followed, 0 FROM social_follows f JOIN social_users u ON u.id = f.followed WHERE {IS_THERE}"
    );
    let follows = conn.query(&sql, &[v(domain), v(&below), v(&port), v(&both)], |row| {
        Ok::<_, Error>((Id(row.int(0)?), Id(row.int(1)?), row.bool(2)?))
    })?;
    for (follower, followed, came) in follows {
        let (follower, followed) = (users::by_id(conn, follower)?, users::by_id(conn, followed)?);
        let (Some(follower), Some(followed)) = (follower, followed) else { continue };
        let there = if came { &follower.host } else { &followed.host };
        let nearest = rules_of(conn, there.as_deref().unwrap_or_default())?;
        if nearest.first().is_none_or(|made| made.domain != domain) {
            continue;
        }
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
