//! What a gigabyte costs: blobs are sent and read, and the processor's time and the memory are counted.
//!
//! `cargo run --release -p blobs --example throughput -- folder [FOLDER]`, or `-- bucket` for a service that speaks S3 and runs beside
//! this as a process of its own.

mod cost;
mod service;

use std::convert::Infallible;
use std::error::Error;
use std::path::Path;

use blobs::{BlobStore, Folder, Fsync, Location, Objects, SCHEMA, Sizes};
use bytes::Bytes;
use cost::Cost;
use futures::{StreamExt, TryStreamExt, stream};
use oci::{Algorithm, Digest, Hasher};
use store::{Store, StoreConfig};

/// As a server hands on what it receives, in bytes.
const PIECE: usize = 64 << 10;

type Failure = Box<dyn Error>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let dir = std::env::temp_dir().join("belvedere-throughput");
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["serve", dir] => return service::serve(Path::new(dir)).await,
        ["folder"] => folder(&dir).await?,
        ["folder", dir] => return folder(Path::new(dir)).await,
        ["bucket"] => bucket(&dir).await?,
        _ => return Err("say folder, folder FOLDER, or bucket".into()),
    }
    std::fs::remove_dir_all(&dir)?;
    Ok(())
}

async fn folder(dir: &Path) -> Result<(), Failure> {
    let store = BlobStore::Folder(Folder::open(dir, Fsync::Off)?);
    measure(&store, &Load { blobs: 32, length: 64 << 20 }).await
}

async fn bucket(dir: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(dir.join("bucket/registry"))?;
    let service = service::Process::start(&dir.join("bucket"))?;
    let config = StoreConfig::sqlite(dir);
    let rows = Store::open(&config, &[&SCHEMA]).await?;
    let location = Location::parse(&format!("s3://key:secret@{}/registry?tls=false", service.address))?;
    let store = BlobStore::Objects(Objects::new(location, rows.state, Sizes::default())?);
    measure(&store, &Load { blobs: 8, length: 256 << 20 }).await
}

/// What is sent.
struct Load {
    blobs: u8,
    /// Of each, in bytes.
    length: usize,
}

async fn measure(store: &BlobStore, load: &Load) -> Result<(), Failure> {
    println!("idle: {}", cost::memory("VmRSS")?);
    for clients in [1, 8] {
        let digests: Vec<Digest> = (0..load.blobs).map(|seed| load.digest(seed)).collect();
        let cost = Cost::begin()?;
        let sent =
            stream::iter(0..load.blobs).map(|seed| send(store, load, seed, digests[usize::from(seed)]));
        sent.buffer_unordered(clients).try_collect::<()>().await?;
        cost.end("sent", clients, load.gigabytes())?;
        let cost = Cost::begin()?;
        let got = stream::iter(&digests).map(|digest| read(store, load, digest));
        got.buffer_unordered(clients).try_collect::<()>().await?;
        cost.end("read", clients, load.gigabytes())?;
        for digest in &digests {
            store.delete(digest).await?;
        }
    }
    println!("at the end: {}; at most: {}", cost::memory("VmRSS")?, cost::memory("VmHWM")?);
    Ok(())
}

impl Load {
    fn gigabytes(&self) -> f64 {
        f64::from(self.blobs) * f64::from(u32::try_from(self.length).unwrap_or(u32::MAX)) / 1e9
    }

    fn pieces(&self, seed: u8) -> impl Iterator<Item = Bytes> + use<> {
        let piece = Bytes::from(vec![seed; PIECE]);
        std::iter::repeat_n(piece, self.length / PIECE)
    }

    fn digest(&self, seed: u8) -> Digest {
        let mut hasher = Hasher::of(Algorithm::Sha256);
        self.pieces(seed).for_each(|piece| hasher.update(&piece));
        hasher.finish().first()
    }
}

async fn send(store: &BlobStore, load: &Load, seed: u8, digest: Digest) -> Result<(), Failure> {
    let id = store.start(Algorithm::Sha256).await?;
    let body = stream::iter(load.pieces(seed).map(Ok::<_, Infallible>));
    store.append(id, Some(0), body, u64::MAX).await?;
    store.finish(id, &digest).await?;
    Ok(())
}

async fn read(store: &BlobStore, load: &Load, digest: &Digest) -> Result<(), Failure> {
    let blob = store.open(digest).await?.ok_or("a blob is gone")?;
    let length =
        blob.read(0..u64::MAX).try_fold(0, |sum, chunk| async move { Ok(sum + chunk.len()) }).await?;
    if length == load.length { Ok(()) } else { Err("a blob is too short".into()) }
}
