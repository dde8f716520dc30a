//! Which tables and columns there are, and the statements that follow from that.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use crate::cell::MAX_BYTES;
use crate::plan::{Order, Plan, Related};

/// What 2.10 and later put before the names of all tables.
const PREFIX: &str = "happyview_";

/// How a column's value can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// SQLite: every value says itself what it is.
    Dynamic,
    /// PostgreSQL: as text.
    Text,
    /// PostgreSQL: as JSON.
    Array,
    /// PostgreSQL: as bytes.
    Bytes,
}

/// The tables of a database, with the columns of each.
#[derive(Debug)]
pub(crate) struct Layout {
    prefix: &'static str,
    tables: BTreeMap<String, BTreeMap<String, Form>>,
}

impl Layout {
    /// `None` if this is no database of HappyView.
    pub(crate) fn of(tables: BTreeMap<String, BTreeMap<String, Form>>) -> Option<Self> {
        let has_lexicons = |prefix: &str| {
            tables
                .get(&format!("{prefix}lexicons"))
                .is_some_and(|columns| columns.contains_key("lexicon_json"))
        };
        let prefix = [PREFIX, ""].into_iter().find(|prefix| has_lexicons(prefix))?;
        Some(Self { prefix, tables })
    }

    /// Selects a page of what the plan describes, with the names of the columns; `None` if there is no such thing here.
    pub(crate) fn select(&self, plan: &Plan, limit: u64, offset: u64) -> Option<(String, Vec<&'static str>)> {
        let columns = self.columns(plan)?;
        let own = plan.columns.iter().filter_map(|name| Some((*name, *columns.get(*name)?)));
        let mut asked: Vec<(&'static str, String)> =
            own.map(|(name, form)| (name, value(&format!("t.{}", quoted(name)), form))).collect();
        asked.extend(
            plan.related.iter().filter_map(|related| {
                columns.contains_key(related.of).then(|| self.related(related)).flatten()
            }),
        );
        let list: Vec<_> = asked.iter().map(|(_, sql)| sql.as_str()).collect();
        let order: Vec<_> = plan.order.iter().filter_map(|order| ordered(order, columns)).collect();
        let only = only(plan, columns)?;
        let mut sql = format!("SELECT {} FROM {} t{only}", list.join(", "), self.quoted(plan.table));
        if !order.is_empty() {
            // Fails for no String.
            _ = write!(sql, " ORDER BY {}", order.join(", "));
        }
        _ = write!(sql, " LIMIT {limit} OFFSET {offset}");
        Some((sql, asked.into_iter().map(|(name, _)| name).collect()))
    }

    /// Counts what the plan describes; `None` if there is no such thing here.
    pub(crate) fn count(&self, plan: &Plan) -> Option<String> {
        let columns = self.columns(plan)?;
        let only = only(plan, columns)?;
        Some(format!("SELECT count(*) FROM {}{only}", self.quoted(plan.table)))
    }

    fn columns(&self, plan: &Plan) -> Option<&BTreeMap<String, Form>> {
        let columns = self.table(plan.table)?;
        let is_there = |name: &&str| columns.contains_key(*name);
        let is_enough = plan.any_of.is_empty() || plan.any_of.iter().any(is_there);
        // A count needs none of them.
        let is_read = plan.columns.is_empty() || plan.columns.iter().any(is_there);
        (is_enough && is_read).then_some(columns)
    }

    fn table(&self, name: &str) -> Option<&BTreeMap<String, Form>> {
        self.tables.get(&format!("{}{name}", self.prefix))
    }

    fn quoted(&self, table: &str) -> String {
        quoted(&format!("{}{table}", self.prefix))
    }

    fn related(&self, related: &Related) -> Option<(&'static str, String)> {
        let Related { name, table, columns, by, of } = related;
        let there = self.table(table)?;
        let form = *there.get(*by)?;
        let known: BTreeSet<_> = columns.iter().filter(|name| there.contains_key(**name)).collect();
        let text = |name: &&str| {
            if known.contains(name) { format!("CAST(r.{} AS TEXT)", quoted(name)) } else { "NULL".to_owned() }
        };
        let list = columns.iter().map(text).collect::<Vec<_>>().join(", ");
        let from = format!(
            "FROM {} r WHERE CAST(r.{} AS TEXT) = CAST(t.{} AS TEXT)",
            self.quoted(table),
            quoted(by),
            quoted(of)
        );
        let sql = match form {
            Form::Dynamic => format!("(SELECT json_group_array(json_array({list})) {from})"),
            _ => format!("left((SELECT json_agg(json_build_array({list})) {from})::text, {})", MAX_BYTES + 1),
        };
        Some((name, sql))
    }
}

/// Which rows are meant; `None` if there can be none.
fn only(plan: &Plan, columns: &BTreeMap<String, Form>) -> Option<String> {
    match plan.only_null {
        Some(name) => columns.contains_key(name).then(|| format!(" WHERE {} IS NULL", quoted(name))),
        None => Some(String::new()),
    }
}

/// The value in a form that can be read, and no longer than it may be.
fn value(column: &str, form: Form) -> String {
    let most = MAX_BYTES + 1;
    match form {
        Form::Dynamic => column.to_owned(),
        Form::Text => format!("left({column}::text, {most})"),
        Form::Array => format!("left(to_json({column})::text, {most})"),
        Form::Bytes => format!("substring({column} FROM 1 FOR {most})"),
    }
}

fn ordered(order: &Order, columns: &BTreeMap<String, Form>) -> Option<String> {
    let (Order::By(name) | Order::NullFirst(name)) = order;
    let column = columns.contains_key(*name).then(|| format!("t.{}", quoted(name)))?;
    Some(match order {
        Order::By(_) => column,
        Order::NullFirst(_) => format!("CASE WHEN {column} IS NULL THEN 0 ELSE 1 END"),
    })
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
