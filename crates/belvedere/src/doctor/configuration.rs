//! What was configured, by whom, and what is odd about it.

use super::Finding;
use super::patient::Patient;
use crate::config::{Origin, table, warnings};

pub(super) fn check(patient: &Patient) -> Vec<Finding> {
    let set = table::ALL.iter().filter_map(|setting| {
        let origin = patient.values.get(setting).origin;
        let shown = patient.values.shown(setting)?;
        (origin != Origin::Default).then(|| Finding::ok(format!("{} = {shown} ({origin})", setting.key)))
    });
    let mut findings: Vec<Finding> = set.collect();
    if findings.is_empty() {
        findings.push(Finding::ok("every setting has its default"));
    }
    let variables = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    let odd = warnings(&patient.settings, variables).into_iter();
    findings.extend(odd.map(|warning| {
        Finding::warn(warning, "`belvedere config` shows every setting; docs/configuration.md explains them")
    }));
    findings
}
