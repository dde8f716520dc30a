//! The registry clients of the Python world, in an environment of their own below the build folder.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What is tried, in exactly these versions.
const PACKAGES: [&str; 2] = ["oras==0.2.43", "python-dxf==12.1.1"];

/// Where the programs of the environment are, which is made when it is first asked for. `None`, with a loud word, where that
/// does not work; there is nothing to skip in continuous integration.
pub(super) fn programs() -> Option<PathBuf> {
    let build = std::env::current_exe().unwrap();
    // Tests are in target/PROFILE/deps.
    let folder = build.ancestors().nth(3).unwrap().join("registry-clients");
    std::fs::create_dir_all(&folder).unwrap();
    let place = folder.join(PACKAGES.concat().replace(['=', '.'], "_"));
    let done = place.join("done");
    // Tests are processes beside each other.
    let lock = File::create(folder.join("lock")).unwrap();
    lock.lock().unwrap();
    if !done.is_file() {
        if let Err(said) = install(&place) {
            assert!(std::env::var("CI").as_deref() != Ok("true"), "{said}");
            eprintln!("SKIPPED: this test needs {PACKAGES:?} and python3-venv: {said}");
            return None;
        }
        File::create(&done).unwrap();
    }
    Some(place.join("bin"))
}

fn install(place: &Path) -> Result<(), String> {
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(place))?;
    run(Command::new(place.join("bin/python")).args(["-m", "pip", "install", "--quiet"]).args(PACKAGES))
}

fn run(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr)))
}
