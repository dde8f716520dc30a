//! How much room is left.

use std::path::Path;

use super::Finding;
use super::patient::Patient;
use crate::output::size;

/// With less than this a server will stop taking records within hours.
const LITTLE: u64 = 1 << 30;

/// With less than this it may stop any minute.
const TOO_LITTLE: u64 = 100 << 20;

pub(super) fn check(patient: &Patient) -> Vec<Finding> {
    let dir = &patient.settings.data_dir;
    // A folder that is not there yet will be made on the disk of the nearest one that is.
    let there = dir.ancestors().find(|path| path.exists()).unwrap_or(Path::new("."));
    vec![match rustix::fs::statvfs(if there.as_os_str().is_empty() { Path::new(".") } else { there }) {
        Ok(disk) => finding(dir, disk.f_bavail.saturating_mul(disk.f_frsize)),
        Err(error) => Finding::warn(
            format!("cannot tell how much space is left for {}: {error}", dir.display()),
            "look yourself: df -h",
        ),
    }]
}

fn finding(dir: &Path, free: u64) -> Finding {
    let detail = format!("{} free for {}", size(free), dir.display());
    match free {
        ..TOO_LITTLE => Finding::fail(detail, "free space now: on a full disk no records are taken"),
        TOO_LITTLE..LITTLE => Finding::warn(detail, "free space, or move the data folder to a larger disk"),
        LITTLE.. => Finding::ok(detail),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Status;

    #[test]
    fn little_space_is_a_warning_and_hardly_any_a_failure() {
        let status = |free| finding(Path::new("data"), free).status;
        assert_eq!([0, TOO_LITTLE, LITTLE].map(status), [Status::Fail, Status::Warn, Status::Ok]);
    }
}
