//! A disk that takes no writes stops the ingest and nothing else; when it takes them again, nothing is missing.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use rustix::process::{Pid, Resource, Rlimit, prlimit};
use serde_json::json;
use testkit::{Belvedere, TestDatabase};

use crate::meters::metric;
use crate::samples::{GET_POST, LIKE, POST, document, list_of, post};
use crate::scene::Scene;
use crate::view::listed;
use crate::wait::{PATIENCE, until};

/// What the log says.
const STALLED: &str = "ingest waits for the database and resumes by itself; reads go on";

#[tokio::test(flavor = "multi_thread")]
async fn a_file_size_limit_stops_only_the_ingest() {
    let Some(scene) = Scene::set(TestDatabase::sqlite()).await else { return };
    let server = start(&scene).await;
    let limit = FileSizeLimit::of(server.pid());
    let doctor = under_the_same_limit(&scene.place.options.command(&["doctor"]));
    assert_eq!(doctor.status.code(), Some(1), "{doctor:?}");
    let report = String::from_utf8(doctor.stdout).unwrap();
    assert!(report.contains("cannot be written to"), "{report}");
    endure(&scene, &server, limit).await;
}

/// Runs a command that may not write to any file either.
fn under_the_same_limit(command: &Command) -> Output {
    let mut limited = Command::new("sh");
    limited.args(["-c", "ulimit -S -f 0; exec \"$@\"", "sh"]).arg(command.get_program());
    limited.args(command.get_args()).env_clear();
    limited.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    limited.output().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn read_only_files_stop_only_the_ingest() {
    let Some(scene) = Scene::set(TestDatabase::sqlite()).await else { return };
    let server = start(&scene).await;
    let Some(immutable) = Immutable::databases_in(&scene.place.options.data_dir) else { return };
    let doctor = scene.place.run(&["doctor"]);
    assert_eq!(doctor.code, Some(1), "{doctor:?}");
    assert!(doctor.stdout.contains("takes no writes"), "{}", doctor.stdout);
    endure(&scene, &server, immutable).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_stops_only_the_ingest() {
    let database = TestDatabase::sqlite();
    let Some(disk) = SmallDisk::at(database.dir().unwrap()) else { return };
    let Some(scene) = Scene::set(database).await else { return };
    // To be unmounted before the folder below it is removed.
    let disk = disk;
    let server = start(&scene).await;
    let filling = disk.fill();
    let doctor = scene.place.run(&["doctor"]);
    assert_eq!(doctor.code, Some(1), "{doctor:?}");
    assert!(doctor.stdout.contains("free space now"), "{}", doctor.stdout);
    endure(&scene, &server, filling).await;
    it_ends_in_order(&scene, server, disk.fill()).await;
}

/// Neither does waiting for the disk keep it from ending, nor is what it waited with lost.
async fn it_ends_in_order<T>(scene: &Scene, server: Belvedere, trouble: T) {
    let before = metric(&server, "ingest_stalls_total", "").await;
    let author = scene.active_accounts().await.remove(0);
    scene.network.create_record(&author.did, POST, None, &post("in vain, for now")).await;
    until("the ingest waits again", PATIENCE, async || {
        (metric(&server, "ingest_stalls_total", "").await > before).then_some(())
    })
    .await;
    let ended = server.terminate().await;
    assert_eq!(ended.status.code(), Some(0), "{ended:?}");
    assert!(ended.took < Duration::from_secs(2), "{ended:?}");
    drop(trouble);
    let server = scene.place.start().await;
    scene.caught_up(&server).await;
    scene.compare(&scene.place, &server).await;
}

/// A server with something to serve.
async fn start(scene: &Scene) -> Belvedere {
    let server = scene.start_with_samples(&scene.place).await;
    scene.network.seed(4, 25, &[POST, LIKE]).await;
    scene.caught_up(&server).await;
    server
}

/// What happens while there is `trouble`, which ends when it is dropped, and afterwards.
async fn endure<T>(scene: &Scene, server: &Belvedere, trouble: T) {
    let query = list_of(POST);
    let before = listed(&server.client, query, &[]).await;
    for account in scene.active_accounts().await {
        for number in 0..10 {
            scene.network.create_record(&account.did, POST, None, &post(&number.to_string())).await;
        }
    }
    stalled(server).await;
    assert_eq!(
        listed(&server.client, query, &[]).await,
        before,
        "what was there is served, and nothing else"
    );
    let uri = before.keys().next().unwrap();
    let answer = server.client.get_with(&format!("/xrpc/{GET_POST}"), &[("uri", uri)]).await;
    assert_eq!(answer.expect(200)["record"]["uri"], **uri);
    for path in ["/health", "/ready"] {
        assert_eq!(server.client.get(path).await.expect(200)["status"], "ok");
    }
    let admin = scene.place.admin(server);
    assert!(
        admin.get("/admin/stats").await.expect(200)["total_records"].as_u64() >= Some(before.len() as u64)
    );
    let lexicon = json!({ "lexicon_json": document(LIKE) });
    assert_eq!(admin.post("/admin/lexicons", &lexicon).await.expect(500)["error"], "Internal server error");
    drop(trouble);
    scene.caught_up(server).await;
    scene.compare(&scene.place, server).await;
    assert_eq!(admin.post("/admin/lexicons", &lexicon).await.expect(200)["revision"], 2);
}

/// Waits until the server says that it cannot write, and has tried again.
async fn stalled(server: &Belvedere) {
    let what = "the log and the metric say that the ingest waits";
    until(what, PATIENCE, async || {
        let said = server.log().iter().any(|line| line.contains(STALLED));
        (said && metric(server, "ingest_stalls_total", "").await > 1.0).then_some(())
    })
    .await;
}

/// No file of a process may be written to.
struct FileSizeLimit(Pid);

impl FileSizeLimit {
    fn of(pid: u32) -> Self {
        let limit = Self(Pid::from_raw(pid.try_into().unwrap()).unwrap());
        limit.set(Some(0));
        limit
    }

    fn set(&self, current: Option<u64>) {
        // Only the limit that counts, so that it can be lifted without privileges.
        prlimit(Some(self.0), Resource::Fsize, Rlimit { current, maximum: None }).unwrap();
    }
}

impl Drop for FileSizeLimit {
    fn drop(&mut self) {
        self.set(None);
    }
}

/// The files of the databases cannot be written to, not even by who has opened them.
struct Immutable(Vec<PathBuf>);

impl Immutable {
    /// `None`, with a loud word, where that cannot be had.
    fn databases_in(dir: &Path) -> Option<Self> {
        let probe = dir.join("probe");
        let mut opened = File::create(&probe).unwrap();
        let immutable = Self(vec![probe.clone()]);
        let refused = immutable.set("+i") && opened.write_all(b"x").is_err();
        drop(immutable);
        fs::remove_file(&probe).unwrap();
        if !refused {
            eprintln!(
                "SKIPPED: read-only files: needs root and a file system with immutable files (chattr +i)"
            );
            return None;
        }
        let paths = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
        let is_database = |path: &PathBuf| {
            path.extension().is_some_and(|extension| extension == "db" || extension == "db-wal")
        };
        let immutable = Self(paths.filter(is_database).collect());
        assert!(immutable.set("+i"));
        Some(immutable)
    }

    fn set(&self, attribute: &str) -> bool {
        Command::new("chattr")
            .arg(attribute)
            .args(&self.0)
            .output()
            .is_ok_and(|output| output.status.success())
    }
}

impl Drop for Immutable {
    fn drop(&mut self) {
        self.set("-i");
    }
}

/// A disk of a few megabytes, mounted over a folder.
struct SmallDisk(PathBuf);

impl SmallDisk {
    /// `None`, with a loud word, where nothing can be mounted.
    fn at(dir: &Path) -> Option<Self> {
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=8m", "belvedere-test"]).arg(dir);
        if mount.output().is_ok_and(|output| output.status.success()) {
            return Some(Self(dir.to_owned()));
        }
        eprintln!("SKIPPED: a full disk: needs root and the right to mount a small one (mount -t tmpfs)");
        None
    }

    /// Fills it to the last byte.
    fn fill(&self) -> Filling {
        let path = self.0.join("filling");
        let mut file = File::create(&path).unwrap();
        while file.write_all(&[0; 512]).is_ok() {}
        Filling(path)
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: when a test fails, the server may end a moment later.
        _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

/// What takes the space.
struct Filling(PathBuf);

impl Drop for Filling {
    fn drop(&mut self) {
        _ = fs::remove_file(&self.0);
    }
}
