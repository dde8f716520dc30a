//! Names that are not for scripts, however they are written.

use store::Engine;

use super::token::Token;
use crate::Error;

/// The prefix of the server's own tables, as scripts know them.
const PROTECTED: &str = "happyview_";

/// Of those, the ones scripts may name (spec §5.7); whether there are such tables is another matter.
const OPEN: [&str; 11] = [
    "happyview_records",
    "happyview_record_refs",
    "happyview_labels",
    "happyview_lexicons",
    "happyview_jobs",
    "happyview_spaces",
    "happyview_space_members",
    "happyview_space_records",
    "happyview_space_record_oplog",
    "happyview_space_notify_registrations",
    "happyview_space_dids",
];

/// Protected names without the prefix.
const ALSO_PROTECTED: [&str; 2] = ["_sqlx_migrations", crate::sqlite::EFFECTS];

/// Beginnings of PostgreSQL's names for what reaches beyond a statement: files, other sessions, other databases, SQL in
/// strings.
const SERVER_PREFIXES: [&str; 7] =
    ["pg_", "dblink", "query_to_xml", "cursor_to_xml", "table_to_xml", "schema_to_xml", "database_to_xml"];

/// The same, whole names: settings, SQL in strings, large objects.
const SERVER_NAMES: [&str; 22] = [
    "set_config",
    "ts_stat",
    "ts_rewrite",
    "loread",
    "lowrite",
    "lo_close",
    "lo_creat",
    "lo_create",
    "lo_export",
    "lo_from_bytea",
    "lo_get",
    "lo_import",
    "lo_lseek",
    "lo_lseek64",
    "lo_open",
    "lo_put",
    "lo_tell",
    "lo_tell64",
    "lo_truncate",
    "lo_truncate64",
    "lo_unlink",
    "regprocedure",
];

/// Refuses a statement that names what it must not.
pub(super) fn check(tokens: &[Token], engine: Engine) -> Result<(), Error> {
    for (position, token) in tokens.iter().enumerate() {
        let name = match token {
            Token::Word(name) => name.clone(),
            Token::Quoted(name) => name.to_ascii_lowercase(),
            Token::Text(name) if engine == Engine::Sqlite && names_table(tokens, position) => {
                name.to_ascii_lowercase()
            }
            _ => continue,
        };
        if is_protected(&name) && !faults::mutant!("scriptdb-protected-table") {
            return Err(Error::Protected(name));
        }
        if engine == Engine::Postgres && is_of_the_server(&name) {
            return Err(Error::Refused(format!("what PostgreSQL calls {name}")));
        }
    }
    Ok(())
}

/// Whether a table of this name (in lower case) is out of bounds.
pub(crate) fn is_protected(name: &str) -> bool {
    (name.starts_with(PROTECTED) && !OPEN.contains(&name)) || ALSO_PROTECTED.contains(&name)
}

/// Whether no table of a script may have this name (in lower case).
pub(crate) fn is_reserved(name: &str) -> bool {
    name.starts_with(PROTECTED) || is_protected(name)
}

fn is_of_the_server(name: &str) -> bool {
    SERVER_PREFIXES.iter().any(|prefix| name.starts_with(prefix)) || SERVER_NAMES.contains(&name)
}

/// Whether SQLite takes a string here for the name of a table.
fn names_table(tokens: &[Token], position: usize) -> bool {
    let before = position.checked_sub(1).and_then(|before| tokens.get(before));
    let after = tokens.get(position + 1);
    after == Some(&Token::Symbol('.'))
        || before.is_some_and(|before| {
            *before == Token::Symbol('.')
                || before.is_one_of(&["from", "join", "into", "update", "table", "exists", "references"])
        })
}
