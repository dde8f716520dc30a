//! The program in a place of its own: an empty working directory and a fresh database of one engine.

use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;
use testkit::TestDatabase;

/// Where commands run. Nothing of the test's own environment reaches them but `PATH`.
pub(crate) struct Place {
    pub(crate) dir: TempDir,
    pub(crate) database: TestDatabase,
}

/// What a command did.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Place {
    pub(crate) fn on(database: TestDatabase) -> Self {
        Self { dir: tempfile::tempdir().unwrap(), database }
    }

    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    /// `belvedere`, told by its environment which database to use.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = bare(self.path());
        command.env("DATABASE_URL", self.database.url()).args(arguments);
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Outcome {
        outcome(&mut self.command(arguments))
    }

    /// What a command that must succeed prints.
    pub(crate) fn text(&self, arguments: &[&str]) -> String {
        let outcome = self.run(arguments);
        assert_eq!(outcome.code, Some(0), "{arguments:?}: {outcome:?}");
        outcome.stdout
    }

    /// What a command that must succeed prints as JSON.
    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let text = self.text(&[arguments, &["--json"]].concat());
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{arguments:?}: {error}: {text}"))
    }

    /// What a command that must fail says.
    pub(crate) fn failure(&self, arguments: &[&str]) -> String {
        let outcome = self.run(arguments);
        assert_eq!(outcome.code, Some(1), "{arguments:?}: {outcome:?}");
        outcome.stderr
    }

    /// Writes a file into the working directory.
    pub(crate) fn write(&self, name: &str, content: &(impl AsRef<[u8]> + ?Sized)) {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
}

/// `belvedere` in a folder, with an empty environment.
pub(crate) fn bare(dir: &Path) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("belvedere"));
    command.current_dir(dir).env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command
}

pub(crate) fn outcome(command: &mut Command) -> Outcome {
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Outcome { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}
