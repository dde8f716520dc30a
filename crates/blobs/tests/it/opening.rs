//! Folders that are fit for use, and others.

use blobs::{Folder, Fsync};
use tempfile::TempDir;

#[test]
fn one_that_cannot_be_written_to_is_refused_with_advice() {
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("file");
    std::fs::write(&file, b"").unwrap();
    let in_the_way = dir.path().join("taken");
    std::fs::create_dir(&in_the_way).unwrap();
    std::fs::write(in_the_way.join("uploads"), b"").unwrap();
    for (path, advice) in
        [(file, "name a folder"), (in_the_way, "name a folder"), ("/proc/blobs".into(), "check that")]
    {
        let error = Folder::open(&path, Fsync::Finish).err().expect("it was taken");
        assert!(error.to_string().contains(path.to_str().unwrap()), "{error}");
        assert!(error.advice().starts_with(advice), "{error}: {}", error.advice());
    }
}

#[test]
fn one_that_was_used_before_is_taken_and_nothing_is_left_of_the_check() {
    let dir = TempDir::new().unwrap();
    for fsync in [Fsync::Finish, Fsync::Off, Fsync::Full] {
        Folder::open(dir.path().join("deep/down"), fsync).unwrap();
    }
    let root = dir.path().join("deep/down");
    assert_eq!(root.join("uploads").read_dir().unwrap().count(), 0);
    assert_eq!(root.join("blobs").read_dir().unwrap().count(), 2);
}
