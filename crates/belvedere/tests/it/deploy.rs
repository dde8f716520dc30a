//! What is shipped: the archive, the unit of systemd, the containers and the board, as far as they can be started without them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::Value;
use testkit::{Belvedere, BelvedereOptions, S3Service, TestDatabase};

fn project() -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")).canonicalize().unwrap()
}

fn deployed(file: &str) -> String {
    let path = project().join("deploy").join(file);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The variables of a file of `NAME=value`.
fn variables(text: &str) -> BTreeMap<String, String> {
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| line.split_once('=').unwrap()).map(|(name, value)| (name.into(), value.into())).collect()
}

/// A variable that no setting has would change nothing, silently.
fn are_settings(variables: &BTreeMap<String, String>) {
    let known: BTreeSet<&str> = include_str!("../../../../docs/configuration.md")
        .lines()
        .filter(|line| line.starts_with("| `"))
        .flat_map(|line| line.split('|').nth(3).unwrap_or_default().split('`').skip(1).step_by(2))
        .collect();
    assert!(known.len() > 80, "the settings cannot be read");
    for name in variables.keys() {
        assert!(known.contains(name.as_str()), "no setting has the variable {name}");
    }
}

fn run(command: &mut Command) -> String {
    let done = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap().trim().to_owned()
}

/// A server with these variables, in a network where nobody answers.
fn alone(data: &Path, program: &Path, variables: &BTreeMap<String, String>) -> BelvedereOptions {
    let mut options = BelvedereOptions::new(data).of_program(program);
    for (name, value) in variables {
        options = options.with(name, value);
    }
    let nowhere = "http://127.0.0.1:1";
    options
        .with("BELVEDERE_DEV", "true")
        .with("METRICS_PORT", "0")
        .with("PLC_URL", nowhere)
        .with("RELAY_URL", nowhere)
        .with("JETSTREAM_URL", "ws://127.0.0.1:1")
}

/// Packed, unpacked elsewhere, checked, and started as systemd would.
#[tokio::test(flavor = "multi_thread")]
async fn the_archive_is_whole_and_its_unit_starts_it() {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("program");
    // What is shipped has no symbols; with those of a development build it would take a minute to pack.
    run(Command::new("strip").arg("-o").arg(&program).arg(Belvedere::program()));
    let archive = run(Command::new(project().join("scripts/dist")).arg(&program).arg(folder.path()));
    let named = Path::new(&archive).file_name().unwrap().to_str().unwrap().to_owned();
    run(Command::new("sha256sum").args(["-c", &format!("{named}.sha256")]).current_dir(folder.path()));
    run(Command::new("tar").args(["xzf", &archive]).current_dir(folder.path()));
    let there = folder.path().join(named.strip_suffix(".tar.gz").unwrap());
    for file in
        ["README.md", "LICENSE-MIT", "THIRD-PARTY.txt", "docs/deploy.md", "deploy/grafana/belvedere.json"]
    {
        assert!(there.join(file).is_file(), "{file} is missing");
    }
    let helper = Command::new(there.join("docker-credential-belvedere")).arg("--help").output().unwrap();
    assert!(helper.status.success(), "{helper:?}");

    let unit = std::fs::read_to_string(there.join("deploy/belvedere.service")).unwrap();
    let of = |key: &str| {
        let prefix = format!("{key}=");
        unit.lines().find_map(|line| line.strip_prefix(&prefix)).unwrap_or_else(|| panic!("no {key}"))
    };
    assert_eq!(of("ExecStart"), "/usr/local/bin/belvedere serve");
    assert_eq!(of("EnvironmentFile"), "-/etc/belvedere/belvedere.env");
    assert_eq!(of("Environment"), "DATA_DIR=/var/lib/belvedere");
    let settings = variables(&std::fs::read_to_string(there.join("deploy/belvedere.env")).unwrap());
    are_settings(&settings);
    let data = folder.path().join("data");
    let server = Belvedere::start(&alone(&data, &there.join("belvedere"), &settings)).await;
    assert_eq!(server.client.get("/health").await.expect(200)["status"], "ok");
    assert!(server.metrics().await.contains("belvedere_build_info"));
    let patience: u64 = of("TimeoutStopSec").parse().unwrap();
    let ended = server.terminate().await;
    assert!(ended.status.success() && ended.took < Duration::from_secs(patience), "{ended:?}");
}

/// The settings that the compose file gives the server, with its own words for where the others are.
fn composed() -> BTreeMap<String, String> {
    let text = deployed("compose.yaml");
    let service = text.split("\n  belvedere:\n").nth(1).unwrap();
    let block = service.split("    environment:\n").nth(1).unwrap();
    let lines = block.lines().take_while(|line| line.starts_with("      "));
    lines
        .map(|line| line.trim().split_once(": ").unwrap())
        .map(|(name, value)| (name.into(), value.into()))
        .collect()
}

/// Two servers on one database, one cache and one bucket, as the compose file connects them.
#[tokio::test(flavor = "multi_thread")]
async fn the_composed_servers_work_together() {
    let mut settings = composed();
    are_settings(&settings);
    let asked: BTreeSet<String> = deployed("compose.yaml")
        .match_indices("${")
        .map(|(at, _)| deployed("compose.yaml")[at + 2..].split([':', '}']).next().unwrap().to_owned())
        .collect();
    let example: BTreeSet<String> = variables(&deployed("compose.env.example")).into_keys().collect();
    assert_eq!(asked, example, "the example has what the compose file asks for");

    let Some(database) = TestDatabase::postgres().await else { return };
    let Ok(cache) = std::env::var("TEST_VALKEY_URL") else {
        eprintln!("SKIPPED: this test on Valkey: set TEST_VALKEY_URL, or run it under scripts/with-services");
        return;
    };
    let Some(bucket) = S3Service::start() else { return };
    for (name, value) in [
        ("PUBLIC_URL", "http://127.0.0.1:3000"),
        ("MASTER_SECRET", "not a secret that anybody should ever use"),
        ("APPS", "appview,sync,registry,social"),
        ("DATABASE_URL", &database.url()),
        ("CACHE_URL", &cache),
        ("S3_URL", &bucket.good_url()),
        ("REGISTRY_S3_URL", &bucket.good_url()),
    ] {
        assert!(
            settings.insert(name.to_owned(), value.to_owned()).is_some(),
            "{name} is not in the compose file"
        );
    }
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let program = Belvedere::program();
    let one = Belvedere::start(&alone(one.path(), &program, &settings)).await;
    let two = Belvedere::start(&alone(two.path(), &program, &settings)).await;
    for server in [&one, &two] {
        assert_eq!(server.ready["database"], "postgres");
        assert_eq!(server.client.get("/health").await.expect(200)["status"], "ok");
    }
    assert!(one.terminate().await.status.success());
    assert!(two.terminate().await.status.success());
}

#[test]
fn the_image_says_only_what_the_server_understands() {
    let file = deployed("Containerfile");
    let block = file.split("\nENV ").nth(1).unwrap().split("\nEXPOSE ").next().unwrap();
    let pairs = block.replace("\\\n", " ");
    let settings = pairs.split_whitespace().map(|pair| pair.split_once('=').unwrap());
    are_settings(&settings.map(|(name, value)| (name.to_owned(), value.to_owned())).collect());
}

/// Every number on the board is one that some code counts.
#[test]
fn the_board_shows_what_is_counted() {
    let board: Value = serde_json::from_str(&deployed("grafana/belvedere.json")).unwrap();
    let mut shown = BTreeSet::new();
    for panel in board["panels"].as_array().unwrap() {
        for target in panel["targets"].as_array().into_iter().flatten() {
            let query = target["expr"].as_str().unwrap();
            let names = query.match_indices("{instance").map(|(end, _)| {
                let start =
                    query[..end].rfind(|c: char| c != '_' && !c.is_alphanumeric()).map_or(0, |at| at + 1);
                query[start..end].trim_end_matches("_bucket").to_owned()
            });
            shown.extend(names);
        }
    }
    assert!(shown.len() > 25, "{shown:?}");
    let sources = run(Command::new("grep")
        .args(["-rhoE", "\"[a-z_]+\"", "--include=*.rs", "crates"])
        .current_dir(project()));
    let counted: BTreeSet<&str> = sources.lines().map(|line| line.trim_matches('"')).collect();
    let unknown: Vec<&String> = shown.iter().filter(|name| !counted.contains(name.as_str())).collect();
    assert!(unknown.is_empty(), "nobody counts {unknown:?}");
}
