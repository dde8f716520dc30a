//! What this server's operator has decided about other hosts (spec/social.md §4.7, §6.4).

use store::{Conn, Error, Value, v};

/// Labels of a host that are looked at: what has more is nobody's name.
const MAX_LABELS: usize = 10;

/// Whether nothing is taken from a host and nothing sent there: it or one above it is suspended, or there is a list of those that are
/// allowed and it is not on it.
pub(crate) fn is_shut_out(conn: &mut Conn<'_>, authority: &str) -> Result<bool, Error> {
    let names = names(authority);
    let places: Vec<String> = (1..=names.len()).map(|n| format!("${n}")).collect();
    let sql = format!(
        "SELECT (SELECT count(*) FROM social_domains WHERE rule = 'suspend' AND domain IN ({0})),
            (SELECT count(*) FROM social_domains WHERE rule = 'allow' AND domain IN ({0})),
            (SELECT count(*) FROM (SELECT 1 FROM social_domains WHERE rule = 'allow' LIMIT 1) AS listed)",
        places.join(", ")
    );
    let params: Vec<Value<'_>> = names.iter().map(|name| v(*name)).collect();
    conn.query_one(&sql, &params, |row| {
        let (suspended, allowed) = (row.int(0)? > 0, row.int(1)? > 0);
        let listed = row.int(2)? > 0;
        Ok(suspended || (listed && !allowed))
    })
}

/// The host with its port, without it, and each domain above it.
fn names(authority: &str) -> Vec<&str> {
    let mut names = vec![authority];
    let mut rest = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    loop {
        if !names.contains(&rest) {
            names.push(rest);
        }
        match rest.split_once('.') {
            Some((_, above)) if names.len() < MAX_LABELS && !above.is_empty() => rest = above,
            _ => return names,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_of_what_is_below_it_too() {
        assert_eq!(names("a.b.example:8080"), ["a.b.example:8080", "a.b.example", "b.example", "example"]);
        assert_eq!(names("example"), ["example"]);
    }
}
