//! Whether scripts do what their authors mean.

use events::EventLog;
use scripts::{DeadLetters, Filter, ScriptTable};

use super::Finding;
use super::patient::{Opened, Patient};

pub(super) async fn check(patient: &Patient) -> Vec<Finding> {
    let Opened::Open(store) = &patient.store else { return Vec::new() };
    // Nothing is recorded.
    let table = ScriptTable::new(&store.state, EventLog::open(&store.state, None).0);
    let waiting = Filter { resolved: Some(false), ..Filter::default() };
    let found = async {
        let (all, problems) = (table.list(None).await?, table.problems().await?);
        Ok::<_, scripts::Error>((all, problems, DeadLetters::new(&store.state).count(waiting).await?))
    };
    let (all, problems, dead) = match found.await {
        Ok(found) => found,
        Err(error) => return vec![Finding::fail(error.to_string(), "see database")],
    };
    let of_files = all.iter().filter(|script| script.file.is_some()).count();
    let mut findings = vec![Finding::ok(format!("{}, of which {of_files} come from files", all.len()))];
    if let Some(dir) = patient.settings.scripts_dir.as_ref().filter(|dir| !dir.is_dir()) {
        findings.push(Finding::fail(
            format!("scripts_dir is {}, which is no folder that can be read", dir.display()),
            "make the folder, or set scripts_dir to the one that is meant",
        ));
    }
    findings.extend(problems.into_iter().map(|problem| {
        let what = if problem.file.is_empty() { "the folder of scripts" } else { &problem.file };
        Finding::fail(
            format!("{what} is not in effect: {}", problem.error),
            "mend the file; the server takes it over within seconds",
        )
    }));
    if dead > 0 {
        findings.push(Finding::warn(
            format!("{dead} events are dead letters: their scripts failed for good"),
            "look at them with `belvedere dead-letter list`",
        ));
    }
    findings
}
