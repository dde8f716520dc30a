//! What is known of a thought that something happened to, read once for all who look on.

use std::collections::HashSet;

use social::{Id, Told, Visibility};
use store::{Conn, v};

/// Something that happened, and to what.
#[derive(Clone, Debug)]
pub(super) struct Happening {
    pub(super) told: Told,
    pub(super) facts: Option<Facts>,
}

#[derive(Clone, Debug)]
pub(super) struct Facts {
    pub(super) visibility: Visibility,
    pub(super) is_here: bool,
    /// Its author is to be found by followers only.
    pub(super) is_silenced: bool,
    pub(super) tags: HashSet<String>,
}

/// Nothing if it is gone already.
pub(super) fn read(conn: &mut Conn<'_>, id: Id) -> Result<Option<Facts>, store::Error> {
    let found = conn.query_opt(
        "SELECT t.visibility, t.local, u.silenced_at FROM social_thoughts t JOIN social_users u ON u.id = t.user_id
         WHERE t.id = $1",
        &[v(id)],
        |row| Ok::<_, store::Error>((row.string(0)?, row.bool(1)?, row.opt_int(2)?.is_some())),
    )?;
    let Some((visibility, is_here, is_silenced)) = found else { return Ok(None) };
    let sql = "SELECT t.name FROM social_thought_tags l JOIN social_tags t ON t.id = l.tag_id WHERE l.thought_id = $1";
    let tags = conn.query(sql, &[v(id)], |row| row.string(0))?;
    Ok(Some(Facts {
        visibility: Visibility::named(&visibility).unwrap_or(Visibility::Private),
        is_here,
        is_silenced,
        tags: tags.into_iter().collect(),
    }))
}
