//! The judge of every statement: what SQLite is about to do is allowed by name, or not at all.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use rusqlite::hooks::{AuthAction, AuthContext, Authorization};

use super::views::Views;
use crate::statement::{Kind, is_protected, is_reserved};

/// Table-valued functions that work on their arguments only.
const COMPUTING: [&str; 2] = ["json_each", "json_tree"];

/// The catalogue of the scripts' own tables.
const CATALOGUE: [&str; 3] = ["sqlite_master", "sqlite_schema", "sqlite_sequence"];

/// What is the same for all statements of a connection.
pub(super) struct Rules {
    pub(super) views: Views,
    /// What may be called.
    pub(super) functions: HashSet<&'static str>,
    /// Virtual tables that are there without having been created.
    pub(super) modules: HashSet<String>,
}

/// Judges the statements of one connection.
#[derive(Clone)]
pub(super) struct Judge {
    rules: Arc<Rules>,
    /// None: the statement is our own.
    case: Arc<Mutex<Option<Case>>>,
}

/// A script's statement while it is prepared and run.
pub(super) struct Case {
    pub(super) kind: Kind,
    pub(super) deadline: Instant,
    /// Whatever it may name, in lower case.
    pub(super) names: HashSet<String>,
    /// The scripts' own tables, which come before others of the same name.
    pub(super) tables: Arc<HashSet<String>>,
}

impl Judge {
    pub(super) fn new(rules: Rules) -> Self {
        Self { rules: Arc::new(rules), case: Arc::default() }
    }

    /// From now until the trial is dropped statements are a script's.
    pub(super) fn try_case(&self, case: Case) -> Trial<'_> {
        *self.case() = Some(case);
        Trial(self)
    }

    /// Whether the script has had its time.
    pub(super) fn is_late(&self) -> bool {
        self.case().as_ref().is_some_and(|case| Instant::now() >= case.deadline)
    }

    /// What SQLite asks for each thing a statement would do.
    pub(super) fn authorize(&self, context: &AuthContext<'_>) -> Authorization {
        match &*self.case() {
            Some(case) if !self.rules.allow(case, context) => Authorization::Deny,
            _ => Authorization::Allow,
        }
    }

    fn case(&self) -> MutexGuard<'_, Option<Case>> {
        self.case.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// While it lives, statements are a script's.
pub(super) struct Trial<'j>(&'j Judge);

impl Drop for Trial<'_> {
    fn drop(&mut self) {
        *self.0.case() = None;
    }
}

impl Rules {
    fn allow(&self, case: &Case, context: &AuthContext<'_>) -> bool {
        let database = context.database_name.map(str::to_ascii_lowercase);
        let database = database.as_deref();
        match context.action {
            AuthAction::Select | AuthAction::Recursive => true,
            AuthAction::Function { function_name } => {
                self.functions.contains(function_name.to_ascii_lowercase().as_str())
            }
            AuthAction::Read { table_name, column_name } => {
                let table = table_name.to_ascii_lowercase();
                match database {
                    Some(database) if self.views.databases.contains(database) => {
                        self.is_for_view(case, &table, column_name, context.accessor)
                    }
                    database => self.may_read(case, &table, database),
                }
            }
            AuthAction::Insert { table_name }
            | AuthAction::Update { table_name, .. }
            | AuthAction::Delete { table_name } => {
                let table = table_name.to_ascii_lowercase();
                // Creating a table is an INSERT and an UPDATE of the catalogue. A script's own are refused by the
                // engine's defensive mode.
                let creating = case.kind == Kind::Create && CATALOGUE.contains(&table.as_str());
                case.kind != Kind::Read && database == Some("main") && (creating || is_own(&table))
            }
            AuthAction::CreateTable { table_name } => {
                let table = table_name.to_ascii_lowercase();
                case.kind == Kind::Create
                    && database == Some("main")
                    && is_own(&table)
                    && !is_reserved(&table)
                    && !self.views.exposed.contains(&table)
            }
            // Of a PRIMARY KEY or UNIQUE.
            AuthAction::CreateIndex { index_name, .. } => {
                case.kind == Kind::Create
                    && database == Some("main")
                    && index_name.starts_with("sqlite_autoindex_")
            }
            _ => false,
        }
    }

    /// Whether a table of another database is read for a view.
    fn is_for_view(&self, case: &Case, table: &str, column: &str, accessor: Option<&str>) -> bool {
        accessor.is_some_and(|accessor| self.views.secret.contains(accessor))
            // A table that is only there to be counted comes without a column, and without the view if that has been
            // merged with what it is part of. It is the view that names it if the statement does not.
            || (column.is_empty() && !case.names.contains(table))
    }

    fn may_read(&self, case: &Case, table: &str, database: Option<&str>) -> bool {
        let views = &self.views;
        match database {
            Some("main") => CATALOGUE.contains(&table) || self.is_open(table),
            Some("temp") => views.exposed.contains(table) || views.secret.contains(table),
            Some(_) => false,
            // A table of whose columns none is used is named as the statement names it.
            None => {
                CATALOGUE.contains(&table)
                    || (self.is_open(table) && (!views.tables.contains(table) || case.tables.contains(table)))
                    || views.exposed.contains(table)
            }
        }
    }

    /// Whether a name is neither the engine's nor ours.
    fn is_open(&self, table: &str) -> bool {
        is_own(table)
            && !table.starts_with("pragma_")
            && (!self.modules.contains(table) || COMPUTING.contains(&table))
    }
}

/// Whether a table is the scripts'.
fn is_own(table: &str) -> bool {
    !table.starts_with("sqlite_") && !is_protected(table)
}
