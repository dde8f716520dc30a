//! What a gigabyte costs: blobs of 64 MiB are sent and read, and the processor's time is counted.
//!
//! `cargo run --release -p blobs --example throughput [FOLDER]`

use std::convert::Infallible;
use std::error::Error;
use std::time::Instant;

use blobs::{Folder, Fsync};
use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream};
use oci::{Algorithm, Digest, Hasher};

const BLOB: usize = 64 << 20;

const BLOBS: u8 = 32;

/// As a server hands on what it receives, in bytes.
const PIECE: usize = 64 << 10;

/// Of the kernel, for everybody: how often it counts in a second.
const TICKS: f64 = 100.0;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let named = std::env::args().nth(1).map(Into::into);
    let dir = named.unwrap_or_else(|| std::env::temp_dir().join("belvedere-throughput"));
    let folder = Folder::open(&dir, Fsync::Off)?;
    for clients in [1, 8] {
        let digests: Vec<Digest> = (0..BLOBS).map(digest).collect();
        let cost = Cost::begin()?;
        let sent = stream::iter(0..BLOBS).map(|seed| send(&folder, seed, digests[usize::from(seed)]));
        sent.buffer_unordered(clients).try_collect::<()>().await?;
        cost.end("sent", clients)?;
        let cost = Cost::begin()?;
        let got = stream::iter(&digests).map(|digest| read(&folder, digest));
        got.buffer_unordered(clients).try_collect::<()>().await?;
        cost.end("read", clients)?;
        for digest in &digests {
            folder.delete(digest).await?;
        }
    }
    let sizes = std::fs::read_to_string("/proc/self/status")?;
    println!("{}", sizes.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default());
    std::fs::remove_dir_all(&dir)?;
    Ok(())
}

fn pieces(seed: u8) -> impl Iterator<Item = Bytes> {
    let piece = Bytes::from(vec![seed; PIECE]);
    std::iter::repeat_n(piece, BLOB / PIECE)
}

fn digest(seed: u8) -> Digest {
    let mut hasher = Hasher::of(Algorithm::Sha256);
    pieces(seed).for_each(|piece| hasher.update(&piece));
    hasher.finish().first()
}

async fn send(folder: &Folder, seed: u8, digest: Digest) -> Result<(), Box<dyn Error>> {
    let id = folder.start(Algorithm::Sha256).await?;
    folder.append(id, Some(0), u64::MAX, stream::iter(pieces(seed).map(Ok::<_, Infallible>))).await?;
    folder.finish(id, &digest).await?;
    Ok(())
}

async fn read(folder: &Folder, digest: &Digest) -> Result<(), Box<dyn Error>> {
    let blob = folder.open_blob(digest).await?.ok_or("a blob is gone")?;
    let length =
        blob.read(0..u64::MAX).try_fold(0, |sum, chunk| async move { Ok(sum + chunk.len()) }).await?;
    if length == BLOB { Ok(()) } else { Err("a blob is too short".into()) }
}

/// Time of all threads, in user and system, and of the clock.
struct Cost {
    user: f64,
    system: f64,
    begun: Instant,
}

impl Cost {
    fn begin() -> Result<Self, Box<dyn Error>> {
        let stat = std::fs::read_to_string("/proc/self/stat")?;
        let fields: Vec<_> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        let seconds = |place: usize| -> Result<f64, Box<dyn Error>> {
            Ok(fields.get(place).ok_or("no such field")?.parse::<f64>()? / TICKS)
        };
        Ok(Self { user: seconds(11)?, system: seconds(12)?, begun: Instant::now() })
    }

    fn end(&self, what: &str, clients: usize) -> Result<(), Box<dyn Error>> {
        let (now, gigabytes) = (Self::begin()?, f64::from(BLOBS) * 0.067_108_864);
        let (user, system) = ((now.user - self.user) / gigabytes, (now.system - self.system) / gigabytes);
        let wall = self.begun.elapsed().as_secs_f64();
        println!(
            "{what}, {clients} at once: {:.2} s of CPU per GB ({user:.2} user, {system:.2} system), {:.0} MB/s",
            user + system,
            1000.0 * gigabytes / wall
        );
        Ok(())
    }
}
