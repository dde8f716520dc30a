//! Whether the data folder can be written to, and whether a server works in it.

use std::fs;
use std::path::Path;

use super::Finding;
use super::patient::Patient;
use crate::serve;

pub(super) fn check(patient: &Patient) -> Vec<Finding> {
    let dir = &patient.settings.data_dir;
    if !dir.exists() {
        let shown = dir.display();
        return vec![Finding::warn(
            format!("{shown} does not exist yet"),
            "`belvedere serve` makes it; name another one with --data-dir",
        )];
    }
    vec![writable(dir), server(dir)]
}

fn writable(dir: &Path) -> Finding {
    let probe = dir.join(format!(".doctor-{}", std::process::id()));
    let written = fs::write(&probe, "x");
    // Also when only its name could be written.
    let removed = fs::remove_file(&probe);
    match written.and(removed) {
        Ok(()) => Finding::ok(format!("{} can be written to", dir.display())),
        Err(error) => Finding::fail(
            format!("{} cannot be written to: {error}", dir.display()),
            "give the user that runs the server this folder, or free space on its disk",
        ),
    }
}

fn server(dir: &Path) -> Finding {
    Finding::ok(match serve::holder(dir) {
        Some(pid) => format!("a server works in it (process {pid})"),
        None => "no server works in it now".to_owned(),
    })
}
