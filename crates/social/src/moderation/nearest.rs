//! Which rule about a host counts: its own, or else that of the nearest host above it.

use std::collections::{HashMap, HashSet};

use store::{Conn, Value, v};

use super::Rule;
use crate::{Error, Id, sql};

/// Names of one host that are looked at: what has more labels is nobody's.
const MAX_NAMES: usize = 10;

/// The rule about a host: its own, or that of the nearest host above it.
pub fn rule_of(conn: &mut Conn<'_>, host: &str) -> Result<Option<Rule>, store::Error> {
    Ok(rules_of(conn, host)?.first().map(|made| made.rule))
}

/// The same of many hosts, by one statement: those about which there is a rule.
pub fn rules_of_hosts<'h>(
    conn: &mut Conn<'_>,
    hosts: &[&'h str],
) -> Result<HashMap<&'h str, Rule>, store::Error> {
    let names: HashSet<&str> = hosts.iter().flat_map(|host| names_of(host)).collect();
    let names = sql::Texts::new(conn.engine(), names);
    let find = format!("SELECT domain, rule FROM social_domains WHERE domain {}", names.among(1));
    let found = conn.query(&find, &[names.value()], |row| {
        let domain = row.string(0)?;
        Ok::<_, store::Error>(Rule::named(row.text(1)?).map(|rule| (domain, rule)))
    })?;
    let rules: HashMap<String, Rule> = found.into_iter().flatten().collect();
    let nearest =
        |host: &&'h str| Some((*host, *names_of(host).into_iter().find_map(|name| rules.get(name))?));
    Ok(hosts.iter().filter_map(nearest).collect())
}

/// A rule, and when it was made.
pub(super) struct Made {
    pub(super) domain: String,
    pub(super) rule: Rule,
    pub(super) at: i64,
}

/// The rules about a host and those above it, the nearest first.
pub(super) fn rules_of(conn: &mut Conn<'_>, host: &str) -> Result<Vec<Made>, store::Error> {
    let host = host.to_lowercase();
    let names = names_of(&host);
    let places: Vec<String> = (1..=names.len()).map(|n| format!("${n}")).collect();
    let params: Vec<Value<'_>> = names.iter().map(|name| v(*name)).collect();
    let sql = format!(
        "SELECT domain, rule, created_at FROM social_domains WHERE domain IN ({})",
        places.join(", ")
    );
    let found = conn.query(&sql, &params, |row| {
        Ok::<_, store::Error>((row.string(0)?, Rule::named(row.text(1)?), row.int(2)?))
    })?;
    let made = |(domain, rule, at): (String, Option<Rule>, i64)| Some(Made { domain, rule: rule?, at });
    let mut made: Vec<Made> = found.into_iter().filter_map(made).collect();
    made.sort_by_key(|made| names.iter().position(|name| *name == made.domain));
    Ok(made)
}

/// A host as it is, without its port, and each domain above it. A rule about a host without a port is about all of its ports.
#[must_use]
pub fn names_of(host: &str) -> Vec<&str> {
    let port = |(_, port): &(&str, &str)| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    let mut names = vec![host];
    let mut rest = host.rsplit_once(':').filter(port).map_or(host, |(name, _)| name);
    loop {
        if !names.contains(&rest) {
            names.push(rest);
        }
        match rest.split_once('.') {
            Some((_, above)) if names.len() < MAX_NAMES && !above.is_empty() => rest = above,
            _ => return names,
        }
    }
}

/// What the rule about somebody's host says is true of them as well who comes to be known later.
pub(crate) fn submit(conn: &mut Conn<'_>, id: Id, host: &str) -> Result<(), Error> {
    if let Some(made) = rules_of(conn, host)?.first()
        && let Some(column) = made.rule.column()
    {
        let sql = format!("UPDATE social_users SET {column} = $2 WHERE id = $1 AND {column} IS NULL");
        conn.execute(&sql, &[id.into(), v(made.at)])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_comes_first() {
        assert_eq!(names_of("a.b.example:8080"), ["a.b.example:8080", "a.b.example", "b.example", "example"]);
        assert_eq!(names_of("example"), ["example"]);
        assert_eq!(names_of(&"a.".repeat(100)).len(), MAX_NAMES);
    }
}
