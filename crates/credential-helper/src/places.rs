//! The files of the user who calls the program.

use std::env;
use std::path::PathBuf;

use crate::Error;

/// Where files are.
#[derive(Clone, Debug)]
pub struct Places {
    /// The folder of our own file.
    pub config: PathBuf,
    /// The configuration of docker, which podman, skopeo and buildah read, too.
    pub docker: PathBuf,
    /// The words of the command that called this program, if that can be known.
    pub caller: Vec<String>,
}

impl Places {
    /// Those of the environment: `XDG_CONFIG_HOME`, `DOCKER_CONFIG`, `HOME`.
    pub fn of_user() -> Result<Self, Error> {
        let set = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let home = set("HOME");
        let at_home = |path| home.as_ref().map(|home| home.join(path)).ok_or(Error::NoHome);
        let config = set("XDG_CONFIG_HOME").map_or_else(|| at_home(".config"), Ok)?;
        let docker = set("DOCKER_CONFIG").map_or_else(|| at_home(".docker"), Ok)?;
        Ok(Self { config: config.join("belvedere"), docker: docker.join("config.json"), caller: caller() })
    }
}

/// What the parent process was called with: it names the image. Where there is no `/proc`, nobody knows.
fn caller() -> Vec<String> {
    let parent = std::os::unix::process::parent_id();
    let words = std::fs::read(format!("/proc/{parent}/cmdline")).unwrap_or_default();
    words.split(|byte| *byte == 0).map(|word| String::from_utf8_lossy(word).into_owned()).collect()
}
