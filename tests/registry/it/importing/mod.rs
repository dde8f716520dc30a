//! `belvedere import registry`: images of others come here, all of them and whole, and once (spec/registry.md §5.8).

mod atcr;
mod folders;
mod killed;
mod limits;
mod registries;

use std::process::{Command, Output};

use registry_conformance::Repository;
use registry_conformance::client::Client;
use registry_conformance::content::{Algorithm, DataSet};
use serde_json::Value;

use crate::ours::{ALICE, PASSWORD, Registry};
use crate::stubborn::{pull, tags};

/// The command, for Alice of this registry.
fn import(to: &Registry, source: &str) -> Command {
    let password = to.options.data_dir.join("alices-password");
    std::fs::write(&password, format!("{PASSWORD}\n")).unwrap();
    let mut command =
        to.options.command(&["import", "registry", source, "--user", ALICE, "--to", to.server.url()]);
    command.arg("--password-file").arg(password).arg("--json");
    command
}

/// What it says when it does all that there is to do.
fn report(command: &mut Command) -> Value {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let [out, err] = [stdout, stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    assert!(status.success(), "{command:?} ended with {status}:\n{out}\n{err}");
    serde_json::from_str(&out).unwrap()
}

/// What it says when it does not.
fn complaint(command: &mut Command) -> String {
    let Output { status, stdout, stderr } = command.output().unwrap();
    assert_eq!(status.code(), Some(1), "{}", String::from_utf8_lossy(&stdout));
    String::from_utf8_lossy(&stdout).into_owned() + &String::from_utf8_lossy(&stderr)
}

/// Everything but what is kept elsewhere.
fn sets(algorithm: Algorithm) -> Vec<DataSet> {
    DataSet::all(algorithm).into_iter().filter(|set| set.name != "layers kept elsewhere").collect()
}

/// Every tag is on what it is on there, with all that belongs to it.
async fn is_the_same(client: &Client, here: &str, there: Repository<'_>) -> usize {
    let here = Repository { client, name: here };
    let names = tags(there).await.unwrap();
    assert_eq!(tags(here).await.unwrap(), {
        let mut names = names.clone();
        names.sort_unstable();
        names
    });
    for tag in &names {
        assert_eq!(pull(here, tag).await.unwrap(), pull(there, tag).await.unwrap(), "{tag}");
    }
    names.len()
}
