//! A field of a record, in the words of each engine.

use store::Engine;

use crate::Path;
use crate::path::Step;

/// The expressions that read a field of a record; each is NULL when the field is missing.
pub(crate) struct Field {
    /// The value: of the engine's own types on SQLite, where JSON's `null` is NULL; `jsonb` on PostgreSQL.
    pub(crate) value: String,
    /// The value as text, if it is a string.
    pub(crate) text: String,
    /// The engine's name for the value's type.
    pub(crate) kind: String,
}

impl Field {
    /// Of the row `r`.
    pub(crate) fn new(engine: Engine, path: &Path) -> Self {
        Self::of(engine, "r.record", path)
    }

    /// Of a record that is read by an expression.
    pub(crate) fn of(engine: Engine, record: &str, path: &Path) -> Self {
        match engine {
            Engine::Sqlite => {
                let path: String = path.steps.iter().map(sqlite).collect();
                let value = format!("({record} ->> '${path}')");
                Self { text: value.clone(), value, kind: format!("json_type({record}, '${path}')") }
            }
            Engine::Postgres => {
                let value = postgres(record, path);
                Self { text: format!("({value} #>> '{{}}')"), kind: format!("jsonb_typeof({value})"), value }
            }
        }
    }
}

fn sqlite(step: &Step) -> String {
    match step {
        Step::Name(name) => format!(".{name}"),
        Step::Index(index) => format!("[{index}]"),
    }
}

/// `->` takes a scalar for an array with one element, and `#>` a name made of digits for an index: where there is an
/// index, only a strict JSON path tells arrays, objects and scalars apart.
fn postgres(record: &str, path: &Path) -> String {
    let steps: Option<String> = path
        .steps
        .iter()
        .map(|step| match step {
            Step::Name(name) => Some(format!(" -> '{name}'")),
            Step::Index(_) => None,
        })
        .collect();
    if let Some(steps) = steps {
        return format!("({record}{steps})");
    }
    let path: String = path
        .steps
        .iter()
        .map(|step| match step {
            Step::Name(name) => format!(".\"{name}\""),
            Step::Index(index) => format!("[{index}]"),
        })
        .collect();
    format!("jsonb_path_query_first({record}, 'strict ${path}', '{{}}', true)")
}
