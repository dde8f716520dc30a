//! A hold in a folder of its own.

use atproto::Did;
use blobs::{BlobStore, Folder, Fsync};
use bytes::Bytes;
use futures::stream;
use hold::{Captain, Hold, HoldParts, Kept, Layer, SCHEMA, Tiers};
use oci::{Algorithm, Digest};
use store::Store;

pub(crate) struct Rig {
    pub(crate) hold: Hold,
    pub(crate) store: Store,
    _dir: tempfile::TempDir,
}

pub(crate) fn did(name: &str) -> Did {
    Did::parse(&format!("did:web:{name}.test")).unwrap()
}

/// The captain is `captain.test`.
pub(crate) fn captain() -> Captain {
    Captain { owner: did("captain"), is_public: true, allow_all_crew: false, region: None }
}

pub(crate) async fn with(captain: Captain, tiers: &str, test: impl AsyncFn(Rig)) {
    testkit::on_each_engine(&[&SCHEMA], async |store| {
        let dir = tempfile::tempdir().unwrap();
        let blobs = BlobStore::Folder(Folder::open(dir.path(), Fsync::Off).unwrap());
        let tiers: Tiers = if tiers.is_empty() { Tiers::default() } else { tiers.parse().unwrap() };
        let parts = HoldParts {
            state: store.state.clone(),
            blobs,
            did: did("hold"),
            captain: captain.clone(),
            tiers,
        };
        test(Rig { hold: Hold::new(parts), store, _dir: dir }).await;
    })
    .await;
}

impl Rig {
    /// Sends a blob of this content.
    pub(crate) async fn send(&self, content: &str) -> Layer {
        let blobs = self.hold.blobs();
        let id = blobs.start(Algorithm::Sha256).await.unwrap();
        let body = stream::iter([Ok::<_, std::io::Error>(Bytes::from(content.to_owned()))]);
        let size = blobs.append(id, None, body, u64::MAX).await.unwrap();
        let digest = Digest::of(Algorithm::Sha256, content.as_bytes());
        blobs.finish(id, &digest).await.unwrap();
        Layer { digest, size, media_type: "application/octet-stream".to_owned() }
    }

    pub(crate) async fn has(&self, layer: &Layer) -> bool {
        self.hold.blobs().head(&layer.digest).await.unwrap().is_some()
    }
}

/// An image of these layers.
pub(crate) fn image(owner: &str, repository: &str, name: &str, layers: &[&Layer]) -> Kept {
    Kept {
        owner: did(owner),
        repository: repository.to_owned(),
        manifest: Digest::of(Algorithm::Sha256, name.as_bytes()),
        layers: layers.iter().map(|layer| (*layer).clone()).collect(),
    }
}
