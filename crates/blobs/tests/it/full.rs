//! A disk that is full.

use std::convert::Infallible;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::process::Command;

use blobs::{BlobStore, Folder, Fsync, UploadError};
use bytes::Bytes;
use futures::stream;

use crate::given::{MANY, begin, content, folder, get, put, sha256};

const DIR: &str = "BLOBS_TEST_SMALL_DISK";

/// Runs itself where 4 MiB of memory are mounted as a disk that nobody else sees.
#[tokio::test]
async fn what_could_be_written_is_kept() {
    if let Ok(dir) = std::env::var(DIR) {
        return on_a_small_disk(Path::new(&dir)).await;
    }
    let (dir, _) = folder();
    let script = format!(
        "mount -t tmpfs -o size=4m small \"${DIR}\" || exit 77
         exec \"$0\" --exact full::what_could_be_written_is_kept --nocapture"
    );
    let mut child = Command::new("unshare");
    child.args(["--mount", "sh", "-c", &script]).arg(std::env::current_exe().unwrap()).env(DIR, dir.path());
    let Ok(output) = child.output() else {
        eprintln!("SKIPPED: there is no program unshare, so no small disk");
        return;
    };
    let said = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() && !said.contains("running 1 test") {
        eprintln!("SKIPPED: no disk can be mounted here: {}", String::from_utf8_lossy(&output.stderr));
        return;
    }
    assert!(output.status.success() && said.contains("the small disk was full"), "{output:?}");
}

async fn on_a_small_disk(dir: &Path) {
    let folder = BlobStore::Folder(Folder::open(dir, Fsync::Full).unwrap());
    let kept = put(&folder, b"here before").await;
    let (id, large) = (begin(&folder).await, content(50, 8 << 20));
    let filler = dir.join("filler");
    std::fs::write(&filler, vec![0; 768 << 10]).unwrap();
    // Space comes back while a batch has failed already and the next one is being gathered: it may not be written.
    let pieces = large.chunks(64 << 10).enumerate().map(|(place, piece)| {
        if place * (64 << 10) > 7 << 19 && filler.exists() {
            let mut probe = File::create(dir.join("probe")).unwrap();
            while probe.write_all(&[0; 4096]).is_ok() {}
            std::fs::remove_file(&filler).unwrap();
        }
        Ok::<_, Infallible>(Bytes::copy_from_slice(piece))
    });
    let error = folder.append(id, Some(0), stream::iter(pieces), MANY).await.unwrap_err();
    assert!(!filler.exists(), "the disk was not full in the middle");
    assert!(matches!(&error, UploadError::Storage(error) if error.is_full()), "{error}");
    let stands = folder.offset(id).await.unwrap();
    assert!(stands > 1 << 20 && stands < 4 << 20, "{stands}");
    println!("the small disk was full");
    assert_eq!(get(&folder, &kept).await.unwrap(), b"here before");
    // Nothing has been left out of what is there.
    let written = &large[..usize::try_from(stands).unwrap()];
    folder.finish(id, &sha256(written)).await.unwrap();
    folder.delete(&sha256(written)).await.unwrap();
    put(&folder, &large[..1 << 20]).await;
}
