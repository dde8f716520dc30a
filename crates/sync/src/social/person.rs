//! A person as another one sees them.

use serde::Serialize;
use serde_json::Value;
use store::{Conn, Engine, Row, v};

use super::relationship::Status;
use crate::Error;
use crate::avatars::Avatar;
use crate::limits::MAX_RELATIONSHIPS;
use crate::wire::Base;

/// Found at once.
const FOUND: i64 = 10;

/// The object `U` of spec/sync.md §2.8.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Person {
    id: String,
    first_name: String,
    last_name: Option<String>,
    avatar: Option<Avatar>,
    username: String,
    bio: Option<String>,
    /// How whoever asks stands to them.
    status: Status,
}

impl Person {
    pub(super) fn with_status(self, status: Status) -> Self {
        Self { status, ..self }
    }

    /// The same for whoever reaches this server at `base`.
    pub(super) fn at(self, base: &Base) -> Self {
        Self { avatar: self.avatar.map(|avatar| avatar.at(base)), ..self }
    }
}

macro_rules! people {
    ($rest:literal) => {
        concat!(
            "SELECT a.id, a.first_name, a.last_name, a.avatar, a.username, a.github_profile, r.status
             FROM sync_accounts a
             LEFT JOIN sync_relationships r ON r.from_account = $1 AND r.to_account = a.id ",
            $rest
        )
    };
}

fn load(row: &Row<'_>) -> Result<Person, Error> {
    let github: Value = row.opt_text(5)?.and_then(|it| serde_json::from_str(it).ok()).unwrap_or_default();
    let of_github = |field: &str| github[field].as_str().map(str::to_owned);
    let username = row.opt_text(4)?.map(str::to_owned).or_else(|| of_github("login"));
    Ok(Person {
        id: row.string(0)?,
        first_name: row.opt_text(1)?.unwrap_or_default().to_owned(),
        last_name: row.opt_text(2)?.map(str::to_owned),
        avatar: Avatar::of_column(row.opt_text(3)?),
        username: username.unwrap_or_default(),
        bio: of_github("bio"),
        status: Status::named(row.opt_text(6)?.unwrap_or_default()),
    })
}

/// One by their id.
pub(super) fn find(conn: &mut Conn<'_>, asker: &str, id: &str) -> Result<Option<Person>, Error> {
    conn.query_opt(people!("WHERE a.id = $2"), &[v(asker), v(id)], load)
}

/// Those whose name begins so, whatever the case.
pub(super) fn search(conn: &mut Conn<'_>, asker: &str, prefix: &str) -> Result<Vec<Person>, Error> {
    // By bytes on either engine, as their indexes are.
    let sql = match conn.engine() {
        Engine::Sqlite => {
            people!(
                "WHERE lower(a.username) >= $2 AND lower(a.username) < $3 ORDER BY lower(a.username) LIMIT $4"
            )
        }
        Engine::Postgres => people!(
            "WHERE lower(a.username) COLLATE \"C\" >= $2 AND lower(a.username) COLLATE \"C\" < $3
             ORDER BY lower(a.username) COLLATE \"C\" LIMIT $4"
        ),
    };
    let first = prefix.to_lowercase();
    let behind = format!("{first}{}", char::MAX);
    conn.query(sql, &[v(asker), v(&first), v(&behind), v(FOUND)], load)
}

/// Those the account has something to do with.
pub(super) fn friends(conn: &mut Conn<'_>, account: &str) -> Result<Vec<Person>, Error> {
    let sql = people!("WHERE r.status IN ('friend', 'pending', 'requested') ORDER BY a.id LIMIT $2");
    conn.query(sql, &[v(account), v(MAX_RELATIONSHIPS)], load)
}
