//! A disk that takes no writes stops the ingest and nothing else; when it takes them again, nothing is missing.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use rustix::process::{Pid, Resource, Rlimit, prlimit};
use serde_json::json;
use testkit::{Belvedere, TestDatabase};

use crate::meters::metric;
use crate::samples::{LIKE, POST, list_of, post};
use crate::scene::{Place, Scene};
use crate::view::listed;
use crate::wait::{PATIENCE, until};

/// What the log says, once.
const STALLED: &str = "ingest waits for the database and resumes by itself; reads go on";

#[tokio::test(flavor = "multi_thread")]
async fn a_file_size_limit_stops_only_the_ingest() {
    let Some(scene) = Scene::set(TestDatabase::sqlite()).await else { return };
    let server = scene.start_with_samples(&scene.place).await;
    scene.network.seed(4, 25, &[POST, LIKE]).await;
    scene.caught_up(&server).await;
    endure(&scene, &scene.place, &server, || FileSizeLimit::set(server.pid())).await;
}

async fn endure<T>(scene: &Scene, place: &Place, server: &Belvedere, trouble: impl FnOnce() -> T) {
    let query = list_of(POST);
    let before = listed(&server.client, query, &[]).await;
    let stalls = metric(server, "ingest_stalls_total", "").await;
    let trouble = trouble();
    let author = scene.active_accounts().await.remove(0);
    for number in 0..30 {
        scene.network.create_record(&author.did, POST, None, &post(&number.to_string())).await;
    }
    until("the log says that the ingest waits", PATIENCE, async || {
        server.log().iter().any(|line| line.contains(STALLED)).then_some(())
    })
    .await;
    until("the metric says that the ingest waits", PATIENCE, async || {
        (metric(server, "ingest_stalls_total", "").await > stalls + 1.0).then_some(())
    })
    .await;
    eprintln!("{:#?}", server.log());
    assert_eq!(
        listed(&server.client, query, &[]).await,
        before,
        "what was there is served, and nothing else"
    );
    for path in ["/health", "/ready"] {
        assert_eq!(server.client.get(path).await.expect(200)["status"], "ok");
    }
    let admin = place.admin(server);
    eprintln!("{:?}", admin.get("/admin/stats").await);
    eprintln!(
        "{:?}",
        admin.post("/admin/lexicons", &json!({"lexicon_json": crate::samples::document(LIKE)})).await
    );
    eprintln!("{:?}", place.run(&["doctor", "--json"]));
    let mut c = Command::new("sh");
    c.args(["-c", "ulimit -S -f 0; exec \"$0\" doctor"]);
    c.arg(testkit::Belvedere::program());
    c.env_clear().envs(place.options.environment.clone()).env("DATA_DIR", &place.options.data_dir);
    eprintln!("{:?}", c.output().unwrap());
    drop(trouble);
    scene.caught_up(server).await;
    scene.compare(place, server).await;
}

/// No file of the process may grow, nor be written to.
struct FileSizeLimit(Pid);

impl FileSizeLimit {
    fn set(pid: u32) -> Self {
        let pid = Pid::from_raw(pid.try_into().unwrap()).unwrap();
        prlimit(Some(pid), Resource::Fsize, Rlimit { current: Some(0), maximum: None }).unwrap();
        Self(pid)
    }
}

impl Drop for FileSizeLimit {
    fn drop(&mut self) {
        prlimit(Some(self.0), Resource::Fsize, Rlimit { current: None, maximum: None }).unwrap();
    }
}
