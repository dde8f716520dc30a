//! Trouble that the program's machine and databases make.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rusqlite::Connection;
use rustix::process::{Pid, Resource, Rlimit, Signal, kill_process, prlimit};
use testkit::TestDatabase;
use tokio::task::JoinHandle;
use tokio::time::sleep;
use tokio_postgres::NoTls;

/// No file of a process may be written to: its disk is full. Ends when dropped.
pub(crate) struct FullDisk(Pid);

impl FullDisk {
    /// For the process of this number.
    pub(crate) fn of(pid: u32) -> Self {
        let full = Self(Pid::from_raw(pid.try_into().unwrap()).unwrap());
        full.limit(Some(0));
        full
    }

    fn limit(&self, current: Option<u64>) {
        // Fails if the process has ended. Only the limit that counts, so that it can be lifted without privileges.
        _ = prlimit(Some(self.0), Resource::Fsize, Rlimit { current, maximum: None });
    }
}

impl Drop for FullDisk {
    fn drop(&mut self) {
        self.limit(None);
    }
}

/// A process does nothing for a while, with everything that it has open.
pub(crate) async fn suspended(pid: u32, time: Duration) {
    let pid = Pid::from_raw(pid.try_into().unwrap()).unwrap();
    _ = kill_process(pid, Signal::STOP);
    sleep(time).await;
    _ = kill_process(pid, Signal::CONT);
}

/// Whoever writes to the index waits, again and again: as on a disk that takes its time.
pub(crate) struct SlowDisk {
    stop: Arc<AtomicBool>,
    task: JoinHandle<()>,
}

impl SlowDisk {
    /// Writing waits up to this long each time.
    pub(crate) fn under(database: &TestDatabase, wait: Duration) -> Self {
        let stop = Arc::<AtomicBool>::default();
        let until = Arc::clone(&stop);
        let task = match database.dir() {
            Some(dir) => {
                let path = dir.join("index.db");
                tokio::task::spawn_blocking(move || hold_file(path, wait, &until))
            }
            None => tokio::spawn(hold_table(database.url(), wait, until)),
        };
        Self { stop, task }
    }

    /// From now on writing takes no longer than it takes.
    pub(crate) async fn end(self) {
        self.stop.store(true, Ordering::Relaxed);
        self.task.await.unwrap();
    }
}

fn hold_file(path: PathBuf, wait: Duration, until: &AtomicBool) {
    let connection = Connection::open(path).unwrap();
    connection.busy_timeout(Duration::from_secs(1)).unwrap();
    while !until.load(Ordering::Relaxed) {
        if connection.execute_batch("BEGIN IMMEDIATE").is_ok() {
            std::thread::sleep(wait);
            connection.execute_batch("COMMIT").unwrap();
        }
        std::thread::sleep(wait / 4);
    }
}

async fn hold_table(url: String, wait: Duration, until: Arc<AtomicBool>) {
    let (client, connection) = tokio_postgres::connect(&url, NoTls).await.unwrap();
    let connection = tokio::spawn(connection);
    while !until.load(Ordering::Relaxed) {
        // Whoever is in the way of a deadlock loses, and tries again.
        let held = "BEGIN; LOCK TABLE index.record_rows IN SHARE ROW EXCLUSIVE MODE";
        if client.batch_execute(held).await.is_ok() {
            sleep(wait).await;
        }
        client.batch_execute("ROLLBACK").await.unwrap();
        sleep(wait / 4).await;
    }
    drop(client);
    _ = connection.await;
}
