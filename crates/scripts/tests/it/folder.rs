//! Scripts that come from a folder.

use std::fs;
use std::path::Path;
use std::time::Duration;

use scripts::{Error, Folder, ScriptChange, Trigger};
use tempfile::TempDir;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::rig::{PATIENCE, Rig, on_each, script};

const ID: &str = "record.index:com.example.note";
const FILE: &str = "record.index.com.example.note.lua";
const ONE: &str = "-- description: one\nfunction handle() return 1 end";
const TWO: &str = "-- description: two\nfunction handle() return 2 end";

/// A folder that is followed.
struct Followed {
    dir: TempDir,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Followed {
    async fn start(rig: &Rig, dir: TempDir) -> Self {
        let stop = CancellationToken::new();
        let folder = Folder::open(rig.library.clone(), dir.path().to_owned()).await.unwrap();
        let task = tokio::spawn(folder.follow(stop.clone()));
        Self { dir, stop, task }
    }

    async fn stop(self) -> TempDir {
        self.stop.cancel();
        self.task.await.unwrap();
        self.dir
    }
}

fn write(dir: &Path, name: &str, text: &str) {
    // As editors do.
    let temporary = dir.join(".new");
    fs::write(&temporary, text).unwrap();
    fs::rename(temporary, dir.join(name)).unwrap();
}

/// What runs.
fn source(rig: &Rig) -> Option<String> {
    let trigger: Trigger = ID.parse().unwrap();
    rig.library.program(&trigger).map(|program| program.source().to_owned())
}

async fn until(what: &str, is: impl AsyncFn() -> bool) {
    let waiting = async {
        while !is().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    assert!(tokio::time::timeout(PATIENCE, waiting).await.is_ok(), "{what}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_its_files_say_is_in_effect() {
    on_each(|rig| async move {
        let dir = tempfile::tempdir().unwrap();
        let table = rig.library.scripts().table().clone();
        rig.put(ID, "function handle() return 0 end").await;
        write(dir.path(), FILE, ONE);
        let followed = Followed::start(&rig, dir).await;
        // Before anything is served.
        assert_eq!(source(&rig).as_deref(), Some(ONE));
        let stored = table.get(ID).await.unwrap().unwrap();
        assert_eq!((stored.file.as_deref(), stored.description.as_deref()), (Some(FILE), Some("one")));

        write(followed.dir.path(), FILE, TWO);
        until("the edit is live", async || source(&rig).as_deref() == Some(TWO)).await;
        write(followed.dir.path(), FILE, "function handle( end");
        until("it is noticed", async || !table.problems().await.unwrap().is_empty()).await;
        let problem = table.problems().await.unwrap().remove(0);
        assert_eq!((&*problem.file, problem.trigger.as_deref()), (FILE, Some(ID)));
        assert!(problem.error.contains(&format!("{ID}:1:")), "{problem:?}");
        assert_eq!(source(&rig).as_deref(), Some(TWO), "the last good version");

        // Of other files, none is harmed.
        write(followed.dir.path(), "xrpc.query.com.example.get.lua", ONE);
        write(followed.dir.path(), "notes.lua", ONE);
        until("each is seen", async || {
            table.problems().await.unwrap().len() == 2 && table.list(None).await.unwrap().len() == 2
        })
        .await;
        write(followed.dir.path(), FILE, ONE);
        fs::remove_file(followed.dir.path().join("notes.lua")).unwrap();
        until("all is well", async || table.problems().await.unwrap().is_empty()).await;
        until("it is live again", async || source(&rig).as_deref() == Some(ONE)).await;
        fs::remove_file(followed.dir.path().join(FILE)).unwrap();
        until("it goes with its file", async || source(&rig).is_none()).await;
        assert_eq!(table.get(ID).await.unwrap(), None);
        followed.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_changes_what_a_file_decides() {
    on_each(|rig| async move {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), FILE, ONE);
        let followed = Followed::start(&rig, dir).await;
        let scripts = rig.library.scripts();
        let change = ScriptChange { body: Some(TWO.to_owned()), ..ScriptChange::default() };
        for refused in [
            scripts.put(script(ID, TWO), None).await.map(drop),
            scripts.change(ID, change, None).await.map(drop),
            scripts.remove(ID, None).await.map(drop),
        ] {
            let error = refused.unwrap_err();
            assert!(matches!(&error, Error::FromFile { id, file } if id == ID && file == FILE), "{error}");
        }
        assert_eq!(scripts.get(ID).await.unwrap().unwrap().body, ONE);
        // A server without the folder leaves it alone; an operator need not.
        followed.stop().await;
        assert!(scripts.table().remove_anyway(ID, None).await.unwrap());
        scripts.put(script(ID, TWO), None).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happened_while_nobody_looked_is_made_up_for() {
    on_each(|rig| async move {
        let dir = tempfile::tempdir().unwrap();
        let other = "job.run:other";
        write(dir.path(), FILE, ONE);
        write(dir.path(), "job.run.mail.lua", ONE);
        rig.put(other, ONE).await;
        let dir = Followed::start(&rig, dir).await.stop().await;
        let table = rig.library.scripts().table().clone();
        let before = table.get("job.run:mail").await.unwrap().unwrap();
        fs::remove_file(dir.path().join(FILE)).unwrap();
        let dir = Followed::start(&rig, dir).await.stop().await;
        assert_eq!((table.get(ID).await.unwrap(), source(&rig)), (None, None));
        assert!(table.get(other).await.unwrap().is_some(), "it was stored by hand");
        // What is as it was is not written.
        assert_eq!(table.get("job.run:mail").await.unwrap().unwrap(), before);

        // A folder that is not there takes nothing along.
        let missing = tempfile::tempdir().unwrap();
        let path = missing.path().to_owned();
        missing.close().unwrap();
        drop(Folder::open(rig.library.clone(), path).await.unwrap());
        let problem = table.problems().await.unwrap().remove(0);
        assert!(problem.file.is_empty() && problem.error.contains("cannot be read"), "{problem:?}");
        assert_eq!(table.list(None).await.unwrap().len(), 2);
        drop(dir);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn instances_with_other_files_do_not_undo_each_other_again_and_again() {
    on_each(|rig| async move {
        let (mine, yours) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        write(mine.path(), FILE, ONE);
        write(yours.path(), FILE, TWO);
        let table = rig.library.scripts().table().clone();
        let mine = Followed::start(&rig, mine).await;
        let yours = Followed::start(&rig, yours).await;
        assert_eq!(source(&rig).as_deref(), Some(TWO));
        // Each has looked again when it has noticed something else.
        write(mine.dir.path(), "job.run.mine.lua", ONE);
        write(yours.dir.path(), "job.run.yours.lua", ONE);
        until("both looked", async || {
            let all = table.list(None).await.unwrap();
            ["job.run:mine", "job.run:yours"].iter().all(|id| all.iter().any(|script| script.id == *id))
        })
        .await;
        assert_eq!(table.get(ID).await.unwrap().unwrap().revision, 2);
        write(mine.dir.path(), FILE, "function handle() return 3 end");
        until("the last change counts", async || table.get(ID).await.unwrap().unwrap().revision == 3).await;
        mine.stop().await;
        yours.stop().await;
    })
    .await;
}
