//! A published client library, which knows nothing of this project.

use std::process::{Command, Stdio};

use testkit::TestDatabase;

use super::instance::{Instance, folder, is_installed};

#[tokio::test(flavor = "multi_thread")]
async fn masto_works_on_sqlite() {
    walk(TestDatabase::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn masto_works_on_postgres() {
    if let Some(database) = TestDatabase::postgres().await {
        walk(database).await;
    }
}

async fn walk(database: TestDatabase) {
    if !is_installed() {
        return;
    }
    let instance = Instance::start(database).await;
    let mut walk = Command::new("node");
    walk.current_dir(folder()).args(["walk.mjs", instance.url()]).stdin(Stdio::null());
    let output = tokio::task::spawn_blocking(move || walk.output().unwrap()).await.unwrap();
    let (said, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}\n{errors}");
    assert!(said.ends_with("all of it works\n"), "{said}\n{errors}");
}
