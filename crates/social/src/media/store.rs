//! Where pictures are: a folder, or a bucket.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use blobs::Bucket;
use bytes::Bytes;
use uuid::Uuid;

use super::{Kind, Picture};
use crate::Error;

/// In front of the names of objects, which share the bucket with those of other apps.
const PREFIX: &str = "social/";

/// The largest file that is ever read back.
const MAX_BYTES: u64 = 64 << 20;

/// Cheap to clone.
#[derive(Clone, Debug)]
pub enum MediaStore {
    /// This one, made when the first picture comes.
    Folder(PathBuf),
    /// This one.
    Bucket(Bucket),
}

impl MediaStore {
    /// Keeps it; its path below `/media/`, which no other content has. `role` is what it is to its owner.
    pub async fn put(&self, owner: Uuid, role: &str, picture: &Picture) -> Result<String, Error> {
        let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &picture.content);
        let hash = data_encoding::HEXLOWER.encode(&hash.as_ref()[..16]);
        let path = format!("users/{owner}/{role}-{hash}.{}", picture.kind.extension());
        match self {
            Self::Bucket(bucket) => {
                bucket.put(&format!("{PREFIX}{path}"), picture.content.clone()).await.map_err(lost)?;
            }
            Self::Folder(folder) => {
                let (file, content) = (folder.join(&path), picture.content.clone());
                blocking(move || write(&file, &content)).await?;
            }
        }
        Ok(path)
    }

    /// The bytes at a path, if there are any.
    pub async fn get(&self, path: &str) -> Result<Option<(Kind, Bytes)>, Error> {
        let Some(kind) = is_path(path).then(|| Kind::of_name(path)).flatten() else { return Ok(None) };
        let content = match self {
            Self::Bucket(bucket) => match bucket.get(&format!("{PREFIX}{path}"), MAX_BYTES).await {
                Ok(content) => Some(content),
                Err(blobs::Error::NotFound) => None,
                Err(error) => return Err(lost(error)),
            },
            Self::Folder(folder) => {
                let file = folder.join(path);
                blocking(move || match std::fs::read(&file) {
                    Ok(content) => Ok(Some(content.into())),
                    Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
                    Err(error) => Err(error),
                })
                .await?
            }
        };
        Ok(content.map(|content| (kind, content)))
    }

    /// Removes it. What is not there is removed already.
    pub async fn remove(&self, path: &str) -> Result<(), Error> {
        if !is_path(path) {
            return Ok(());
        }
        match self {
            Self::Bucket(bucket) => bucket.remove(&format!("{PREFIX}{path}")).await.map_err(lost),
            Self::Folder(folder) => {
                let file = folder.join(path);
                blocking(move || match std::fs::remove_file(&file) {
                    Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
                    _ => Ok(()),
                })
                .await
            }
        }
    }
}

/// Whether it has the form of paths that are made here: nothing hidden, nothing above.
fn is_path(path: &str) -> bool {
    let is_name = |part: &str| {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.';
        (1..=120).contains(&part.len()) && !part.starts_with('.') && part.bytes().all(is_plain)
    };
    let parts: Vec<&str> = path.split('/').collect();
    matches!(parts.as_slice(), ["users", owner, name] if is_name(owner) && is_name(name))
}

/// The whole file or nothing, and never a mixture.
fn write(file: &Path, content: &[u8]) -> std::io::Result<()> {
    let folder = file.parent().ok_or(ErrorKind::InvalidInput)?;
    std::fs::create_dir_all(folder)?;
    let draft = folder.join(format!(".{}", Uuid::new_v4()));
    let written = std::fs::write(&draft, content)
        .and_then(|()| std::fs::File::open(&draft)?.sync_all())
        .and_then(|()| std::fs::rename(&draft, file));
    if written.is_err() {
        drop(std::fs::remove_file(&draft));
    }
    written
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Result<T, Error> {
    tokio::task::spawn_blocking(work).await.map_err(|_| Error::Ended)?.map_err(lost)
}

fn lost(error: impl std::fmt::Display) -> Error {
    Error::Media(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn files_are_kept_and_found() {
        let dir = tempfile::tempdir().unwrap();
        let store = MediaStore::Folder(dir.path().join("media"));
        let (content, blurhash) = (Bytes::from_static(b"x"), String::new());
        let picture = Picture { content, kind: Kind::Png, width: 1, height: 1, blurhash };
        let path = store.put(Uuid::nil(), "avatar", &picture).await.unwrap();
        assert!(
            path.starts_with("users/00000000-0000-0000-0000-000000000000/avatar-")
                && std::path::Path::new(&path).extension().is_some_and(|kind| kind == "png")
        );
        assert_eq!(store.get(&path).await.unwrap(), Some((Kind::Png, picture.content)));
        std::fs::write(dir.path().join("secret.png"), "x").unwrap();
        for other in [
            "../secret.png",
            "users/../../secret.png",
            "/etc/passwd",
            "users/x/.png",
            "users/x/y.html",
            "users\\x\\y.png",
            "users/x/y\0.png",
            "users/x/../y.png",
            "users//y.png",
            "",
            "users/x/y.json",
        ] {
            assert_eq!(store.get(other).await.unwrap(), None, "{other}");
        }
        store.remove(&path).await.unwrap();
        store.remove(&path).await.unwrap();
        assert_eq!(store.get(&path).await.unwrap(), None);
    }
}
