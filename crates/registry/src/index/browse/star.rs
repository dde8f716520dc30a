//! From stars to rows, and to how many a repository has.

use records::Effect;
use store::{Conn, Value, v};

use crate::Repository;
use crate::lexicon::StarRecord;

/// What is no star has no row. Whoever gives one twice has given one.
pub(in crate::index) fn star(conn: &mut Conn<'_>, effect: &Effect<'_>) -> Result<(), store::Error> {
    if let Some(before) = effect.before.and_then(StarRecord::parse) {
        conn.execute("DELETE FROM registry_stars WHERE record_id = $1", &[v(effect.record_id)])?;
        if !gives(conn, effect.did, &before.subject)? {
            let one_less = "UPDATE registry_repositories SET stars = stars - 1
                WHERE did = $1 AND repository = $2 AND stars > 0";
            let none_left = "DELETE FROM registry_repositories
                WHERE did = $1 AND repository = $2 AND stars = 0 AND pushed_at IS NULL";
            conn.execute(one_less, &subject(&before.subject))?;
            conn.execute(none_left, &subject(&before.subject))?;
        }
    }
    let Some(star) = effect.after.and_then(StarRecord::parse) else { return Ok(()) };
    if !gives(conn, effect.did, &star.subject)? {
        let one_more = "INSERT INTO registry_repositories (did, repository, stars) VALUES ($1, $2, 1)
            ON CONFLICT (did, repository) DO UPDATE SET stars = registry_repositories.stars + 1";
        conn.execute(one_more, &subject(&star.subject))?;
    }
    let insert = "INSERT INTO registry_stars (record_id, did, owner, repository, rkey, created_at)
        VALUES ($1, $2, $3, $4, $5, $6)";
    let [owner, repository] = subject(&star.subject);
    let values = [v(effect.record_id), v(effect.did), owner, repository, v(effect.rkey), v(star.created_at)];
    conn.execute(insert, &values).map(drop)
}

/// Whether somebody has given a star to a repository.
fn gives(conn: &mut Conn<'_>, who: &str, repository: &Repository) -> Result<bool, store::Error> {
    let sql = "SELECT 1 FROM registry_stars WHERE owner = $1 AND repository = $2 AND did = $3 LIMIT 1";
    let [owner, name] = subject(repository);
    Ok(conn.query_opt(sql, &[owner, name, v(who)], |row| row.int(0))?.is_some())
}

fn subject(repository: &Repository) -> [Value<'_>; 2] {
    [v(repository.owner.as_str()), v(&repository.name)]
}
