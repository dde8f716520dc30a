//! Compressed frames: a real stream and hostile input.

use atproto::jetstream::{DICTIONARY, Decompressor, FrameError, MAX_FRAME_BYTES};

use crate::vectors;

fn decompressor(max_bytes: usize) -> Decompressor {
    Decompressor::new(DICTIONARY, max_bytes).unwrap()
}

fn compressed(content: &[u8]) -> Vec<u8> {
    zstd::bulk::Compressor::with_dictionary(3, DICTIONARY).unwrap().compress(content).unwrap()
}

/// A frame whose header does not say how large its content is.
fn compressed_without_size(content: &[u8]) -> Vec<u8> {
    let mut compressor = zstd::bulk::Compressor::with_dictionary(3, DICTIONARY).unwrap();
    compressor.include_contentsize(false).unwrap();
    compressor.compress(content).unwrap()
}

#[test]
fn a_real_stream_is_the_uncompressed_one() {
    let mut decompressor = decompressor(MAX_FRAME_BYTES);
    let events: Vec<String> = vectors::messages("jetstream/capture.zst.frames")
        .iter()
        .map(|frame| String::from_utf8(decompressor.decompress(frame).unwrap().to_vec()).unwrap())
        .collect();
    assert_eq!(events, vectors::lines("jetstream/capture.jsonl"));
}

#[test]
fn the_dictionary_is_the_one_servers_use() {
    assert_eq!(&DICTIONARY[..4], [0x37, 0xa4, 0x30, 0xec]);
    assert_eq!(DICTIONARY[4..8], 1_612_007_021_u32.to_le_bytes());
}

#[test]
fn output_is_bounded_whatever_the_header_says() {
    let content = vec![b'x'; 1001];
    for frame in [compressed(&content), compressed_without_size(&content)] {
        assert!(frame.len() < 100);
        assert_eq!(decompressor(1001).decompress(&frame).unwrap(), content);
        assert!(decompressor(1000).decompress(&frame).is_err());
    }
    assert_eq!(
        decompressor(1000).decompress(&compressed(&content)),
        Err(FrameError::TooLarge { limit: 1000 })
    );
}

/// The content size is in the header, so it can be made to lie.
#[test]
fn a_lying_header_is_found_out() {
    let honest = compressed(&[b'x'; 1000]);
    let size = honest.windows(2).position(|bytes| bytes == (1000_u16 - 256).to_le_bytes()).unwrap();
    for claim in [1_u16, 800] {
        let mut frame = honest.clone();
        frame[size..size + 2].copy_from_slice(&claim.to_le_bytes());
        assert!(
            matches!(decompressor(10_000).decompress(&frame), Err(FrameError::BadCompression(_))),
            "{claim}"
        );
    }
}

#[test]
fn a_bomb_of_many_frames_is_bounded() {
    let bomb = compressed(&[b'x'; 1000]).repeat(1000);
    assert!(decompressor(100_000).decompress(&bomb).is_err());
}

#[test]
fn oversized_frames_are_not_looked_at() {
    assert_eq!(decompressor(10).decompress(&[0; 11]), Err(FrameError::TooLarge { limit: 10 }));
}

#[test]
fn frames_of_another_dictionary_and_garbage_are_refused() {
    let mut decompressor = decompressor(10_000);
    let mut frame = compressed(b"{}");
    let id = frame.windows(4).position(|bytes| bytes == 1_612_007_021_u32.to_le_bytes()).unwrap();
    frame[id] ^= 1;
    let error = decompressor.decompress(&frame).unwrap_err();
    assert_eq!(error.reason(), "bad_compression");
    for garbage in [&b"{\"did\":1}"[..], &[0xff; 100], &compressed(b"{\"a\":1}")[..8]] {
        assert_eq!(decompressor.decompress(garbage).unwrap_err().reason(), "bad_compression");
    }
    assert_eq!(
        decompressor.decompress(&compressed(b"{}")).unwrap(),
        "{}",
        "and the next frame is read again"
    );
}
