//! Where blobs are: each of the kinds that there are.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use blobs::{BlobStore, Folder, Fsync, Objects, SCHEMA, Sizes};
use oci::{Digest, UploadId};
use store::{Store, v};
use tempfile::TempDir;
use testkit::{TestDatabase, databases};

use crate::service::Service;

/// Small, so that tests are about several parts.
pub(crate) const SIZES: Sizes =
    Sizes { part: 5 << 20, memory: 20 << 20, patience: Duration::from_millis(100), copy: 1 << 30 };

pub(crate) struct Place {
    pub(crate) store: BlobStore,
    pub(crate) dir: TempDir,
    pub(crate) bucket: Option<Bucket>,
}

pub(crate) struct Bucket {
    pub(crate) service: Service,
    pub(crate) rows: Store,
    pub(crate) sizes: Sizes,
    _database: TestDatabase,
}

impl Place {
    pub(crate) fn folder() -> Self {
        let dir = TempDir::new().unwrap();
        let store = BlobStore::Folder(Folder::open(dir.path(), Fsync::Off).unwrap());
        Self { store, dir, bucket: None }
    }

    pub(crate) async fn bucket(database: TestDatabase, sizes: Sizes) -> Self {
        let dir = TempDir::new().unwrap();
        let service = Service::start(dir.path()).await;
        let rows = database.open(&[&SCHEMA]).await;
        let objects = Objects::new(service.location(), rows.state.clone(), sizes).unwrap();
        let bucket = Bucket { service, rows, sizes, _database: database };
        Self { store: BlobStore::Objects(objects), dir, bucket: Some(bucket) }
    }

    /// As another process sees it.
    pub(crate) async fn again(&self) -> BlobStore {
        let Some(Bucket { service, rows, sizes, .. }) = &self.bucket else {
            return BlobStore::Folder(Folder::open(self.dir.path(), Fsync::Off).unwrap());
        };
        let objects = Objects::new(service.location(), rows.state.clone(), *sizes).unwrap();
        objects.take_over().await.unwrap();
        BlobStore::Objects(objects)
    }

    fn root(&self) -> PathBuf {
        if self.bucket.is_some() { self.dir.path().join("registry") } else { self.dir.path().to_owned() }
    }

    /// Where the bytes of a blob are in the end.
    pub(crate) fn path(&self, digest: &Digest) -> PathBuf {
        let hex = digest.to_hex();
        self.root().join(format!("blobs/{}/{}/{hex}", digest.algorithm(), &hex[..2]))
    }

    /// Makes it look as if a blob had last been spoken of then.
    pub(crate) async fn age(&self, digest: &Digest, at: SystemTime) {
        File::open(self.path(digest)).unwrap().set_modified(at).unwrap();
        self.change("UPDATE blob_touches SET touched = $1 WHERE digest = $2", at, &digest.to_string()).await;
    }

    /// Makes it look as if the last byte of an upload had come then.
    pub(crate) async fn age_upload(&self, id: UploadId, at: SystemTime) {
        if self.bucket.is_none() {
            let file = File::open(self.dir.path().join(format!("uploads/{id}"))).unwrap();
            file.set_modified(at).unwrap();
        }
        self.change("UPDATE blob_uploads SET active = $1 WHERE id = $2", at, &id.to_string()).await;
    }

    async fn change(&self, sql: &'static str, at: SystemTime, name: &str) {
        let Some(bucket) = &self.bucket else { return };
        let at = at.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_micros();
        let (at, name) = (i64::try_from(at).unwrap(), name.to_owned());
        let changed = bucket.rows.state.write(move |c| c.execute(sql, &[v(at), v(&name)])).await;
        assert_eq!(changed.unwrap(), 1);
    }

    /// Nothing is left of any upload: no file, no row, no part.
    pub(crate) async fn has_no_uploads(&self) {
        assert_eq!(files(&self.root().join("uploads")), Vec::<PathBuf>::new());
        if let Some(bucket) = &self.bucket {
            let is_part = |file: &PathBuf| file.to_string_lossy().contains("upload");
            assert_eq!(files(self.dir.path()).into_iter().find(is_part), None);
            let sql = "SELECT (SELECT count(*) FROM blob_uploads) + (SELECT count(*) FROM blob_parts)";
            let rows = bucket.rows.state.read(move |c| c.query_one(sql, &[], |row| row.int(0))).await;
            assert_eq!(rows.unwrap(), 0);
        }
    }
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let Ok(read) = dir.read_dir() else { return Vec::new() };
    let paths = read.map(|entry| entry.unwrap().path());
    paths.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// Runs a test in a folder, and in a bucket beside each database engine at hand.
pub(crate) async fn everywhere(test: impl AsyncFn(&Place)) {
    test(&Place::folder()).await;
    in_buckets(SIZES, test).await;
}

/// Runs a test in a bucket beside each database engine at hand.
pub(crate) async fn in_buckets(sizes: Sizes, test: impl AsyncFn(&Place)) {
    for database in databases().await {
        test(&Place::bucket(database, sizes).await).await;
    }
}
