//! What comes out of a backup, run as a script's.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Instant;

use store::Engine;

use super::authorizer::{Case, Trial};
use super::link::Link;
use crate::script_db::Request;
use crate::statement::{Kind, Statement};
use crate::{Error, Limit};

/// Runs a statement out of a backup as if a script had asked for it.
pub(super) fn make(link: &Link, create: &str, views: &[&str], most: usize) -> Result<(), Error> {
    if create.len() > most {
        return Err(Error::Limit(Limit::Statement));
    }
    let statement = Statement::parse(create, Engine::Sqlite, views)?;
    if statement.kind != Kind::Create || statement.parameters > 0 {
        return Err(Error::Refused("whatever is no CREATE TABLE, in a backup".into()));
    }
    link.rows(&Request { statement, params: Vec::new(), once: None }, Arc::default()).map(drop)
}

impl Link {
    /// From now until the trial is dropped statements are a script's.
    pub(super) fn try_case(&self, kind: Kind, names: HashSet<String>) -> Trial<'_> {
        let deadline = Instant::now() + self.limits.time;
        self.judge.try_case(Case { kind, deadline, names, tables: Arc::default() })
    }
}
