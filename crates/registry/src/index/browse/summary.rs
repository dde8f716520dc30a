//! The one row of a repository that lists show, made anew when what it comes from has changed.

use std::collections::BTreeSet;

use store::{Conn, Value, v};

use super::words;

/// Repositories of which something changed.
#[derive(Default)]
pub(in crate::index) struct Changed(BTreeSet<(String, String)>);

/// What the newest image of a repository says.
struct Newest {
    record_id: i64,
    created_at: i64,
    title: Option<String>,
    description: Option<String>,
}

impl Changed {
    /// Remembers a repository, if it is one.
    pub(super) fn note(&mut self, did: &str, repository: Option<String>) {
        self.0.extend(repository.map(|repository| (did.to_owned(), repository)));
    }

    /// Makes their rows anew.
    pub(in crate::index) fn summarize(self, conn: &mut Conn<'_>) -> Result<(), store::Error> {
        for (did, repository) in self.0 {
            let of = [v(&did), v(&repository)];
            match newest(conn, &of)? {
                Some(newest) => put(conn, &of, &repository, &newest)?,
                None => remove(conn, &of)?,
            }
        }
        Ok(())
    }
}

/// The newest that is not about something else, if there is one.
fn newest(conn: &mut Conn<'_>, of: &[Value<'_>; 2]) -> Result<Option<Newest>, store::Error> {
    let sql = "SELECT record_id, created_at, title, COALESCE(description,
            (SELECT excerpt FROM registry_pages WHERE did = $1 AND repository = $2
             ORDER BY record_id DESC LIMIT 1))
        FROM registry_pushes WHERE did = $1 AND repository = $2
        ORDER BY is_about, created_at DESC, record_id DESC LIMIT 1";
    conn.query_opt(sql, of, |row| {
        let text = |column| Ok::<_, store::Error>(row.opt_text(column)?.map(str::to_owned));
        Ok(Newest { record_id: row.int(0)?, created_at: row.int(1)?, title: text(2)?, description: text(3)? })
    })
}

fn put(
    conn: &mut Conn<'_>,
    of: &[Value<'_>; 2],
    repository: &str,
    newest: &Newest,
) -> Result<(), store::Error> {
    let [did, name] = *of;
    let known = "SELECT title, description FROM registry_repositories
        WHERE did = $1 AND repository = $2 AND pushed_at IS NOT NULL";
    let known = conn.query_opt(known, of, |row| {
        Ok::<_, store::Error>((row.opt_text(0)?.map(str::to_owned), row.opt_text(1)?.map(str::to_owned)))
    })?;
    let (title, description) = (newest.title.as_deref(), newest.description.as_deref());
    let upsert =
        "INSERT INTO registry_repositories (did, repository, pushed_at, record_id, title, description)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (did, repository) DO UPDATE SET pushed_at = excluded.pushed_at,
            record_id = excluded.record_id, title = excluded.title, description = excluded.description";
    let values = [did, name, v(newest.created_at), v(newest.record_id), v(title), v(description)];
    conn.execute(upsert, &values)?;
    if known.is_none() {
        let owner = "INSERT INTO registry_owners (did, checked_at) VALUES ($1, 0) ON CONFLICT DO NOTHING";
        conn.execute(owner, &[did])?;
    }
    if known.is_none_or(|known| known != (newest.title.clone(), newest.description.clone())) {
        words::write(conn, of, &words::of(repository, title, description))?;
    }
    Ok(())
}

/// What has no manifest is shown nowhere; how many like it stays.
fn remove(conn: &mut Conn<'_>, of: &[Value<'_>; 2]) -> Result<(), store::Error> {
    for sql in [
        "UPDATE registry_repositories SET pushed_at = NULL, record_id = NULL, title = NULL, description = NULL
         WHERE did = $1 AND repository = $2",
        "DELETE FROM registry_repositories WHERE did = $1 AND repository = $2 AND stars = 0",
        "DELETE FROM registry_words WHERE did = $1 AND repository = $2",
    ] {
        conn.execute(sql, of)?;
    }
    Ok(())
}
