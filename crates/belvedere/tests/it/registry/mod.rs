//! `belvedere registry`

mod account;
mod beside;
mod collect;
mod crew;

use blobs::{BlobStore, Folder, Fsync};
use bytes::Bytes;
use futures::stream;
use hold::{Captain, Hold, HoldParts, Kept, Layer, Tiers};
use oci::{Algorithm, Digest};

use crate::place::{Outcome, Place, outcome};
use crate::state_of::state_of;

const ALICE: &str = "did:web:alice.test";
const PASSWORD: &str = "correct horse";

/// A command that is given a password on its standard input.
fn with_password(place: &Place, arguments: &[&str], password: &str) -> Outcome {
    let arguments = [&["registry", "account"], arguments, &["--password-stdin", "--json"]].concat();
    outcome(place.command(&arguments).write_stdin(password))
}

/// The hold of a place, as a server has it that is not running.
async fn hold_of(place: &Place) -> Hold {
    let did = atproto::Did::parse("did:web:hold.test").unwrap();
    Hold::new(HoldParts {
        state: state_of(place).await,
        blobs: BlobStore::Folder(Folder::open(place.path().join("data/registry"), Fsync::Off).unwrap()),
        did: did.clone(),
        captain: Captain { owner: did, is_public: true, allow_all_crew: false, region: None },
        tiers: Tiers::default(),
    })
}

/// A blob of this content, sent.
async fn send(hold: &Hold, content: &'static str) -> Layer {
    let id = hold.blobs().start(Algorithm::Sha256).await.unwrap();
    let body = stream::iter([Ok::<_, std::io::Error>(Bytes::from(content))]);
    let size = hold.blobs().append(id, None, body, u64::MAX).await.unwrap();
    let digest = Digest::of(Algorithm::Sha256, content.as_bytes());
    hold.blobs().finish(id, &digest).await.unwrap();
    Layer { digest, size, media_type: "application/octet-stream".to_owned() }
}

/// An image of one layer, kept.
async fn keep(hold: &Hold, owner: &str, layer: &Layer) {
    let owner = atproto::Did::parse(owner).unwrap();
    let manifest = Digest::of(Algorithm::Sha256, layer.digest.to_string().as_bytes());
    let layers = vec![layer.clone()];
    hold.keep(Kept { owner, repository: "app".to_owned(), manifest, layers }).await.unwrap();
}
