//! Whatever is done in whatever order, compared with a model.

use std::collections::HashMap;
use std::io;

use blobs::{BlobStore, UploadError};
use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream};
use oci::{Algorithm, Digest, UploadId};
use proptest::prelude::*;
use proptest::sample::Index;
use testkit::TestDatabase;

use crate::given::{body, content, get};
use crate::place::{Place, SIZES};

const LIMIT: u64 = 3_000_000;

#[derive(Debug, Clone)]
enum Step {
    Start(Algorithm),
    Append { upload: Index, seed: u64, length: usize, piece: usize, is_at: bool, breaks: bool },
    Finish { upload: Index, algorithm: Algorithm, is_right: bool },
    Cancel(Index),
    Read { blob: Index, start: Index, end: Index },
    Delete(Index),
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    let algorithm = || prop_oneof![Just(Algorithm::Sha256), Just(Algorithm::Sha512)];
    let length = prop_oneof![0..20usize, 0..20_000usize, 0..1_200_000usize];
    let piece = prop_oneof![64..5000usize, 5000..300_000usize];
    let append =
        (any::<Index>(), 0..4u64, length, piece, prop::bool::weighted(0.8), prop::bool::weighted(0.2));
    prop_oneof![
        3 => algorithm().prop_map(Step::Start),
        8 => append.prop_map(|(upload, seed, length, piece, is_at, breaks)| {
            Step::Append { upload, seed, length, piece, is_at, breaks }
        }),
        4 => (any::<Index>(), algorithm(), prop::bool::weighted(0.8))
            .prop_map(|(upload, algorithm, is_right)| Step::Finish { upload, algorithm, is_right }),
        1 => any::<Index>().prop_map(Step::Cancel),
        4 => (any::<Index>(), any::<Index>(), any::<Index>())
            .prop_map(|(blob, start, end)| Step::Read { blob, start, end }),
        1 => any::<Index>().prop_map(Step::Delete),
        1 => Just(Step::Restart),
    ]
}

#[derive(Default)]
struct Model {
    uploads: Vec<(UploadId, Vec<u8>)>,
    blobs: HashMap<Digest, Vec<u8>>,
}

impl Model {
    async fn step(&mut self, store: &BlobStore, step: Step) {
        match step {
            Step::Start(algorithm) => {
                self.uploads.push((store.start(algorithm).await.unwrap(), Vec::new()));
            }
            Step::Append { .. } | Step::Finish { .. } | Step::Cancel(_) if !self.uploads.is_empty() => {
                self.change(store, step).await;
            }
            Step::Read { .. } | Step::Delete(_) if !self.blobs.is_empty() => self.look(store, step).await,
            // There is nothing that it could be done to.
            _ => {}
        }
    }

    async fn change(&mut self, store: &BlobStore, step: Step) {
        match step {
            Step::Append { upload, seed, length, piece, is_at, breaks } => {
                let place = upload.index(self.uploads.len());
                let (id, known) = &mut self.uploads[place];
                let (stands, part) = (known.len() as u64, content(seed, length));
                let end = breaks.then(|| Err(io::Error::other("gone")));
                let sent = body(&part, piece).chain(stream::iter(end));
                let at = if is_at { stands } else { stands + 1 };
                let outcome = store.append(*id, Some(at), sent, LIMIT).await;
                if !is_at {
                    assert!(matches!(outcome, Err(UploadError::Offset { at }) if at == stands));
                    return;
                }
                let fitting = |end: &usize| stands + *end as u64 <= LIMIT;
                let ends = (piece..length).step_by(piece).chain((length > 0).then_some(length));
                let taken = ends.take_while(fitting).last().unwrap_or(0);
                known.extend_from_slice(&part[..taken]);
                let stands = known.len() as u64;
                match outcome {
                    Ok(offset) => assert!(offset == stands && taken == length && !breaks),
                    Err(UploadError::TooLarge { .. }) => assert!(taken < length),
                    Err(error) => assert!(matches!(error, UploadError::Body(_)) && breaks, "{error}"),
                }
                assert_eq!(store.offset(*id).await.unwrap(), stands);
            }
            Step::Finish { upload, algorithm, is_right } => {
                let (id, known) = self.uploads.swap_remove(upload.index(self.uploads.len()));
                let right = Digest::of(algorithm, &known);
                let wrong = Digest::of(algorithm, b"what nobody sends");
                let outcome = store.finish(id, if is_right { &right } else { &wrong }).await;
                if is_right {
                    assert_eq!(outcome.unwrap(), known.len() as u64);
                    self.blobs.insert(right, known);
                } else {
                    assert!(matches!(outcome, Err(UploadError::Digest { found }) if found == right));
                }
            }
            Step::Cancel(upload) => {
                let (id, _) = self.uploads.swap_remove(upload.index(self.uploads.len()));
                store.cancel(id).await.unwrap();
            }
            _ => {}
        }
    }

    async fn look(&mut self, store: &BlobStore, step: Step) {
        let mut known: Vec<_> = self.blobs.keys().copied().collect();
        known.sort_unstable();
        match step {
            Step::Read { blob, start, end } => {
                let digest = known[blob.index(known.len())];
                let whole = &self.blobs[&digest];
                let (start, end) = (start.index(whole.len() + 1), end.index(whole.len() + 9));
                let opened = store.open(&digest).await.unwrap().unwrap();
                let read: Vec<Bytes> = opened.read(start as u64..end as u64).try_collect().await.unwrap();
                assert_eq!(read.concat(), whole.get(start..end.min(whole.len())).unwrap_or_default());
            }
            Step::Delete(blob) => {
                let digest = known[blob.index(known.len())];
                assert!(store.delete(&digest).await.unwrap());
                self.blobs.remove(&digest);
            }
            _ => {}
        }
    }

    /// What the store says is what is known.
    async fn compare(&self, store: &BlobStore) {
        let pages: Vec<_> = store.list().try_collect().await.unwrap();
        assert_eq!(pages.into_iter().flatten().count(), self.blobs.len());
        for (digest, whole) in &self.blobs {
            assert_eq!(&get(store, digest).await.unwrap(), whole);
        }
        for (id, known) in &self.uploads {
            assert_eq!(store.offset(*id).await.unwrap(), known.len() as u64);
        }
    }
}

async fn compare(place: Place, steps: Vec<Step>) {
    let (mut store, mut model) = (place.store.clone(), Model::default());
    for step in steps {
        if matches!(step, Step::Restart) {
            store = place.again().await;
        } else {
            model.step(&store, step).await;
        }
    }
    model.compare(&store).await;
}

fn run(future: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future);
}

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases(96))]

    #[test]
    fn a_folder_is_as_the_model(steps in prop::collection::vec(step(), 1..40)) {
        run(compare(Place::folder(), steps));
    }
}

proptest! {
    #![proptest_config(cases(12))]

    #[test]
    fn a_bucket_is_as_the_model(steps in prop::collection::vec(step(), 1..25)) {
        run(async { compare(Place::bucket(TestDatabase::sqlite(), SIZES).await, steps).await });
    }
}
