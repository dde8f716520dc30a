//! Asked to end under load, it does so at once, loses nothing and answers what it was asked.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use reqwest::Method;
use testkit::{Belvedere, HttpClient, TestDatabase};
use tokio::task::JoinHandle;

use crate::samples::{LIKE, POST, list_of};
use crate::scene::Scene;
use crate::traffic::Traffic;

const STOPS: usize = 4;
const TIME_LIMIT: Duration = Duration::from_secs(2);

#[tokio::test(flavor = "multi_thread")]
async fn it_ends_in_order_on_sqlite() {
    it_ends_in_order(TestDatabase::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_ends_in_order_on_postgres() {
    if let Some(database) = TestDatabase::postgres().await {
        it_ends_in_order(database).await;
    }
}

async fn it_ends_in_order(database: TestDatabase) {
    let Some(scene) = Scene::set(database).await else { return };
    let mut server = scene.start_with_samples(&scene.place).await;
    scene.network.seed(8, 25, &[POST, LIKE]).await;
    let traffic = Traffic::start(&scene).await;
    for _ in 0..STOPS {
        let reader = Reader::start(server.client.clone());
        scene.chance.pause(1_000).await;
        a_second_server_is_refused(&scene, &server);
        let ended = server.terminate().await;
        assert_eq!(ended.status.code(), Some(0), "{ended:?}");
        assert!(ended.took < TIME_LIMIT, "{ended:?}");
        reader.stop().await;
        scene.chance.pause(300).await;
        server = scene.place.start().await;
    }
    traffic.stop().await;
    scene.caught_up(&server).await;
    scene.compare(&scene.place, &server).await;
}

fn a_second_server_is_refused(scene: &Scene, server: &Belvedere) {
    let second = scene.place.run(&["serve", "--port", "0"]);
    assert_eq!(second.code, Some(1), "{second:?}");
    let problem = format!("error: another server with process id {} uses the data folder", server.pid());
    assert!(second.stderr.contains(&problem), "{second:?}");
    assert!(second.stderr.contains("help: stop it, or give this one a folder of its own"), "{second:?}");
}

/// Somebody who asks all the time: whatever is answered is the whole answer.
struct Reader {
    task: JoinHandle<usize>,
    stop: Arc<AtomicBool>,
}

impl Reader {
    fn start(client: HttpClient) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        Self { task: tokio::spawn(read(client, Arc::clone(&stop))), stop }
    }

    async fn stop(self) {
        self.stop.store(true, Ordering::Relaxed);
        assert!(self.task.await.unwrap() > 0, "nothing was answered");
    }
}

async fn read(client: HttpClient, stop: Arc<AtomicBool>) -> usize {
    let mut answered = 0;
    while !stop.load(Ordering::Relaxed) {
        let request = client.request(Method::GET, &format!("/xrpc/{}", list_of(POST)));
        match client.try_send(request).await {
            Ok(answer) => assert!(answer.expect(200)["records"].is_array()),
            // Not taken any more: the server may close a connection while a request is on its way to it.
            Err(error) if error.is_request() => tokio::time::sleep(Duration::from_millis(10)).await,
            Err(error) => panic!("an answer broke off: {error:?}"),
        }
        answered += 1;
    }
    answered
}
