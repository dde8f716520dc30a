//! Building the tests, once, and finding out where they are.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::catalogue::{Killer, Mutant};

/// Packages whose tests start the server itself.
const START_THE_SERVER: [&str; 2] = ["e2e", "registry-conformance"];

/// The executables with the tests in them, by package and target.
#[derive(Debug, Default)]
pub struct Built(BTreeMap<(String, String), Executable>);

/// A file with tests in it.
#[derive(Clone, Debug)]
pub struct Executable {
    /// The file.
    pub file: PathBuf,
    /// Where its tests expect to be run: the folder of their package.
    pub dir: PathBuf,
}

/// A line of what cargo says, as far as it matters.
#[derive(Deserialize)]
struct Said {
    reason: String,
    manifest_path: Option<PathBuf>,
    target: Option<Target>,
    executable: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    kind: Vec<String>,
    name: String,
}

/// Builds what the tests of these mistakes need.
pub fn build(mutants: &[Mutant]) -> Result<Built> {
    let packages: BTreeSet<&str> = mutants.iter().map(|mutant| mutant.killer.package.as_str()).collect();
    if packages.iter().any(|package| START_THE_SERVER.contains(package)) {
        let built = cargo().args(["build", "--package", "belvedere"]).status().context("cargo build")?;
        ensure!(built.success(), "the server cannot be built");
    }
    let mut command = cargo();
    command.args(["test", "--no-run", "--lib", "--tests", "--message-format", "json-render-diagnostics"]);
    for package in packages {
        command.args(["--package", package]);
    }
    let output = command.stderr(Stdio::inherit()).output().context("cargo test --no-run")?;
    ensure!(output.status.success(), "the tests cannot be built");
    read(&String::from_utf8_lossy(&output.stdout))
}

fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."));
    cargo
}

fn read(said: &str) -> Result<Built> {
    let mut built = Built::default();
    for line in said.lines().filter(|line| line.starts_with('{')) {
        let Said { reason, manifest_path, target, executable } = serde_json::from_str(line)?;
        let (Some(manifest), Some(target), Some(file)) = (manifest_path, target, executable) else {
            continue;
        };
        let Some(dir) = manifest.parent().filter(|_| reason == "compiler-artifact") else { continue };
        let package = package_of(&manifest)?;
        let name = if target.kind.iter().any(|kind| kind == "test") { target.name } else { "lib".to_owned() };
        built.0.insert((package, name), Executable { file, dir: dir.to_owned() });
    }
    Ok(built)
}

/// The name in a manifest.
fn package_of(manifest: &Path) -> Result<String> {
    #[derive(Deserialize)]
    struct Manifest {
        package: Package,
    }
    #[derive(Deserialize)]
    struct Package {
        name: String,
    }
    let text = std::fs::read_to_string(manifest).with_context(|| manifest.display().to_string())?;
    Ok(toml::from_str::<Manifest>(&text)?.package.name)
}

impl Built {
    /// Where a test is.
    pub fn of(&self, killer: &Killer) -> Result<&Executable> {
        let key = (killer.package.clone(), killer.target.clone());
        self.0.get(&key).with_context(|| format!("there is no executable of {killer}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn executables_are_found_in_what_cargo_says() {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
        let line = |kind: &str, name: &str, executable: &str| {
            serde_json::json!({"reason": "compiler-artifact", "manifest_path": manifest, "executable": executable,
                "target": {"kind": [kind], "name": name}})
            .to_string()
        };
        let said = [
            line("lib", "mutants", "/t/mutants-1"),
            line("test", "it", "/t/it-1"),
            r#"{"reason":"build-finished","success":true}"#.to_owned(),
        ];
        let built = read(&said.join("\n")).unwrap();
        let file = |killer: &str| built.of(&killer.parse().unwrap()).map(|found| found.file.clone()).ok();
        assert_eq!(file("mutants lib x"), Some("/t/mutants-1".into()));
        assert_eq!(file("mutants it x"), Some("/t/it-1".into()));
        assert_eq!(file("mutants other x"), None);
    }
}
