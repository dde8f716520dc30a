//! What is measured about scripts.

use metrics::{Unit, counter, describe_counter, describe_histogram, histogram};

use crate::{Outcome, ScriptError};

pub(crate) fn describe() {
    describe_counter!("lua_runs_total", "Runs of scripts, by outcome: ok, or why there is no result");
    describe_histogram!(
        "lua_run_seconds",
        Unit::Seconds,
        "The scripts' own time of runs that ended with a result"
    );
    describe_counter!("lua_machines_total", "Machines that were made because none was idle");
}

pub(crate) fn ran(result: &Result<Outcome, ScriptError>) {
    match result {
        Ok(outcome) => {
            counter!("lua_runs_total", "outcome" => "ok").increment(1);
            histogram!("lua_run_seconds").record(outcome.stats.elapsed);
        }
        Err(error) => counter!("lua_runs_total", "outcome" => error.name()).increment(1),
    }
}

pub(crate) fn made_machine() {
    counter!("lua_machines_total").increment(1);
}
