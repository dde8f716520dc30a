//! Pictures of people, which a Thoughts server keeps in a folder or in a bucket: `users/UUID/NAME`.

use std::path::PathBuf;

use anyhow::{Context, Result};
use blobs::{Bucket, Location};
use bytes::Bytes;
use social::media::MediaStore;
use tokio::fs;

use super::run::Run;
use crate::cli::import::kind::{Kind, Taken};
use crate::failure::Failure;

/// Larger ones are not read.
const MAX_BYTES: u64 = 10 << 20;

/// Where they are.
pub(super) enum Pictures {
    Folder(PathBuf),
    Bucket(Bucket),
}

impl Pictures {
    /// A folder, or a bucket as `S3_URL` is written.
    pub(super) fn at(source: &str) -> Result<Self> {
        if source.starts_with("s3://") {
            let location = Location::parse(source).map_err(|error| {
                Failure::new(error.to_string(), "write it as s3://KEY:SECRET@HOST/BUCKET, or name a folder")
            })?;
            return Ok(Self::Bucket(Bucket::new(location)?));
        }
        let folder = PathBuf::from(source);
        if !folder.is_dir() {
            let help = "name the folder that has `users` in it, or its bucket: s3://KEY:SECRET@HOST/BUCKET";
            return Err(Failure::new(format!("{source} is no folder"), help).into());
        }
        Ok(Self::Folder(folder))
    }

    /// What is there, or why it is not taken.
    async fn read(&self, key: &str) -> Result<Bytes, String> {
        match self {
            Self::Folder(folder) => {
                let path = folder.join(key);
                // Of the entry itself: what a link leads to is none of the folder's files.
                match fs::symlink_metadata(&path).await {
                    Ok(found) if !found.is_file() => Err("it is no file".to_owned()),
                    Ok(found) if found.len() > MAX_BYTES => Err("it is larger than 10 MiB".to_owned()),
                    Ok(_) => fs::read(&path).await.map(Bytes::from).map_err(|error| error.to_string()),
                    Err(error) => Err(error.to_string()),
                }
            }
            Self::Bucket(bucket) => bucket.get(key, MAX_BYTES).await.map_err(|error| error.to_string()),
        }
    }
}

impl Run<'_> {
    /// Those that are not here yet.
    pub(super) async fn pictures(&mut self, from: &Pictures, to: &MediaStore) -> Result<()> {
        let mut kind = Kind::new("pictures of people");
        self.bar.set_message("pictures");
        let mut last = None;
        loop {
            let page = self.importer.pictures(last).await?;
            let Some(end) = page.last().map(|picture| picture.user) else { break };
            for old in page {
                let name = old.name().to_owned();
                if self.importer.has_picture(to, &old).await? {
                    kind.note_taken(&name, Taken::Done(accounts::Imported::Kept));
                    continue;
                }
                // What is elsewhere is shown from there.
                let Some(key) = old.key() else { continue };
                match from.read(&key).await {
                    Ok(content) => {
                        let taken = self.importer.picture(to, &old, content).await;
                        kind.note_outcome(
                            taken.with_context(|| format!("importing {key}; run this again to go on"))?,
                        );
                    }
                    Err(reason) => kind.skip(&name, reason, String::new()),
                }
            }
            last = Some(end);
        }
        self.summary.add(kind);
        Ok(())
    }
}
