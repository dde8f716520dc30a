//! Ranges of blobs.

use blobs::Blob;
use bytes::Bytes;
use futures::TryStreamExt;

use crate::given::{content, folder, get, put, sha256};
use crate::place::everywhere;

async fn read(blob: &Blob, start: u64, end: u64) -> Vec<u8> {
    let chunks: Vec<Bytes> = blob.read(start..end).try_collect().await.unwrap();
    assert!(chunks.iter().all(|chunk| !chunk.is_empty()));
    chunks.concat()
}

#[tokio::test]
async fn any_range_is_that_of_the_content() {
    everywhere(async |place| {
        let store = &place.store;
        for size in [0, 1, 2048, 128 * 1024, 128 * 1024 + 1, 1_000_003] {
            let whole = content(10, size);
            let blob = store.open(&put(store, &whole).await).await.unwrap().unwrap();
            assert_eq!(blob.size(), size as u64);
            for (start, end) in
                [(0, size), (0, size + 9), (size / 3, size / 2), (size - size.min(1), size), (7, 3)]
            {
                let expected = whole.get(start..end.min(size)).unwrap_or_default();
                assert_eq!(read(&blob, start as u64, end as u64).await, expected, "{start}..{end} of {size}");
            }
            assert_eq!(read(&blob, u64::MAX - 1, u64::MAX).await, b"");
        }
    })
    .await;
}

#[tokio::test]
async fn a_blob_that_is_removed_meanwhile_is_read_to_its_end() {
    let (_dir, store) = folder();
    let whole = content(11, 1_000_000);
    let digest = put(&store, &whole).await;
    let blob = store.open(&digest).await.unwrap().unwrap();
    let mut chunks = blob.read(0..blob.size());
    let mut got = chunks.try_next().await.unwrap().unwrap().to_vec();
    assert!(store.delete(&digest).await.unwrap());
    assert!(!store.delete(&digest).await.unwrap());
    assert!(get(&store, &digest).await.is_none());
    while let Some(chunk) = chunks.try_next().await.unwrap() {
        got.extend_from_slice(&chunk);
    }
    assert_eq!(got, whole);
}

#[tokio::test]
async fn a_file_that_is_cut_short_is_an_error_and_the_end() {
    let (dir, store) = folder();
    let digest = put(&store, &content(12, 300_000)).await;
    let blob = store.open(&digest).await.unwrap().unwrap();
    let hex = digest.to_string().replace("sha256:", "");
    let path = dir.path().join(format!("blobs/sha256/{}/{hex}", &hex[..2]));
    std::fs::OpenOptions::new().write(true).open(path).unwrap().set_len(200_000).unwrap();
    let mut chunks = blob.read(0..300_000);
    let mut length = 0;
    let error = loop {
        match chunks.try_next().await {
            Ok(chunk) => length += chunk.expect("it ended as if nothing were wrong").len(),
            Err(error) => break error,
        }
    };
    assert_eq!((length, error.kind()), (200_000, std::io::ErrorKind::UnexpectedEof));
    assert!(chunks.try_next().await.unwrap().is_none());
}

#[tokio::test]
async fn what_is_not_there_is_not_there() {
    everywhere(async |place| {
        let store = &place.store;
        let never = sha256(b"never sent");
        assert!(store.open(&never).await.unwrap().is_none());
        assert_eq!(store.head(&never).await.unwrap(), None);
        assert!(!store.touch(&never).await.unwrap());
        assert_eq!(store.sweep(&never, std::time::SystemTime::now()).await.unwrap(), None);
    })
    .await;
}
