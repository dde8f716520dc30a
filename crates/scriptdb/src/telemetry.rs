//! What is measured about the scripts' statements.

use std::time::Duration;

use metrics::{counter, describe_counter, describe_histogram, histogram};

use crate::{Error, Rows};

pub(crate) fn describe() {
    describe_counter!("scriptdb_statements_total", "Statements of scripts, by outcome");
    describe_histogram!("scriptdb_statement_seconds", "Time from a statement of a script to its answer");
    describe_counter!(
        "scriptdb_effects_remembered_total",
        "Statements that had taken effect before and were answered from memory"
    );
}

pub(crate) fn settled(result: &Result<Rows, Error>, took: Duration) {
    let outcome = result.as_ref().map_or_else(Error::label, |_| "ok");
    counter!("scriptdb_statements_total", "outcome" => outcome).increment(1);
    histogram!("scriptdb_statement_seconds").record(took.as_secs_f64());
}

pub(crate) fn remembered() {
    counter!("scriptdb_effects_remembered_total").increment(1);
}
