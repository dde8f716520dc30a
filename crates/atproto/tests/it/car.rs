//! CAR files: published ones, and what a hostile host may send.

use atproto::Cid;
use atproto::car::{Blocks, CarError, Limits};
use bytes::Bytes;
use data_encoding::BASE64_NOPAD;

use crate::blocks::{car, held, value};
use crate::vectors;

fn add(car: impl Into<Bytes>) -> Result<Vec<Cid>, CarError> {
    Blocks::new(Limits::default()).add(car.into())
}

fn block(content: &[u8]) -> (Cid, Vec<u8>) {
    (Cid::dag_cbor_sha256(content), content.to_vec())
}

#[test]
fn the_published_file_has_its_blocks() {
    let fixtures = vectors::json("cars/car-file-fixtures.json");
    for fixture in fixtures.as_array().unwrap() {
        let bytes =
            |value: &serde_json::Value| BASE64_NOPAD.decode(value.as_str().unwrap().as_bytes()).unwrap();
        let mut blocks = Blocks::new(Limits::default());
        let car = bytes(&fixture["car"]);
        let size = car.len();
        let roots = blocks.add(car.into()).unwrap();
        assert_eq!(roots, [Cid::parse(fixture["root"].as_str().unwrap()).unwrap()]);
        assert_eq!(blocks.bytes(), size);
        let expected = fixture["blocks"].as_array().unwrap();
        assert_eq!(blocks.len(), expected.len());
        for block in expected {
            let cid = Cid::parse(block["cid"].as_str().unwrap()).unwrap();
            assert_eq!(blocks.get(&cid), Some(&*bytes(&block["bytes"])));
        }
    }
}

#[test]
fn content_is_never_copied() {
    let file = car(&[], &[block(b"one"), block(b"two")]);
    let mut blocks = Blocks::new(Limits::default());
    blocks.add(file.clone()).unwrap();
    let one = blocks.get(&value("one")).unwrap();
    assert!(file.as_ptr_range().contains(&one.as_ptr()));
}

#[test]
fn files_add_up_and_may_repeat_each_other() {
    let mut blocks = Blocks::new(Limits::default());
    let raw = (Cid::raw_sha256(b"raw"), b"raw".to_vec());
    let (first, second) =
        (car(&[], &[block(b"one"), raw.clone()]), car(&[raw.0], &[block(b"two"), block(b"one")]));
    assert_eq!(blocks.add(first.clone()), Ok(vec![]));
    assert_eq!(blocks.add(second.clone()), Ok(vec![raw.0]));
    assert_eq!((blocks.len(), blocks.bytes()), (3, first.len() + second.len()));
    assert!(!blocks.is_empty());
    assert_eq!(blocks.get(&raw.0), Some(&b"raw"[..]));
    assert_eq!(blocks.get(&value("three")), None);
}

#[test]
fn limits_hold_for_all_files_together() {
    let file = car(&[], &[block(b"one"), block(b"two")]);
    let mut blocks = Blocks::new(Limits { bytes: file.len() * 2 - 1, blocks: 9 });
    blocks.add(file.clone()).unwrap();
    let (bytes, limit) = (file.len() * 2, file.len() * 2 - 1);
    assert_eq!(blocks.add(file.clone()), Err(CarError::TooLarge { bytes, limit }));

    let mut blocks = Blocks::new(Limits { blocks: 2, ..Limits::default() });
    blocks.add(file.clone()).unwrap();
    blocks.add(file).unwrap();
    assert_eq!(blocks.add(car(&[], &[block(b"three")])), Err(CarError::TooManyBlocks { limit: 2 }));
    assert_eq!(blocks.len(), 2);
}

#[test]
fn content_with_another_hash_is_refused_even_if_the_block_is_known() {
    let one = value("one");
    let lie = car(&[], &[(one, b"two".to_vec())]);
    assert_eq!(add(lie.clone()), Err(CarError::Mismatch(one)));
    assert_eq!(held(&[block(b"one")]).add(lie), Err(CarError::Mismatch(one)));
    // The same bytes under the content type they were not hashed for are another block, and a true one.
    assert_eq!(add(car(&[], &[(Cid::raw_sha256(b"one"), b"one".to_vec())])), Ok(vec![]));
}

#[test]
fn other_kinds_of_cids_are_refused() {
    let start = car(&[], &[]).len();
    let file = car(&[], &[block(b"one")]);
    // Version 0, another content type, identity and SHA-512 hashes, and a hash that is cut off.
    for (at, byte) in [(0, 0x12), (1, 0x70), (2, 0x00), (2, 0x13), (3, 0x1f)] {
        let mut file = file.to_vec();
        file[start + 1 + at] = byte;
        assert_eq!(add(file), Err(CarError::Cid { offset: start }));
    }
    let mut short = car(&[], &[]).to_vec();
    short.extend([3, 1, 0x71, 0x12]);
    assert_eq!(add(short), Err(CarError::Cid { offset: start }));
}

#[test]
fn a_file_cut_anywhere_but_between_blocks_is_refused() {
    let blocks = [block(b"one"), block(&[b'x'; 300])];
    let file = car(&[blocks[0].0], &blocks);
    let whole: Vec<usize> = (0..=2).map(|count| car(&[blocks[0].0], &blocks[..count]).len()).collect();
    for end in 0..=file.len() {
        assert_eq!(add(file.slice(..end)).is_ok(), whole.contains(&end), "{end}");
    }
}

#[test]
fn impossible_lengths_are_refused() {
    let fault = |length: &[u8]| {
        let mut file = car(&[], &[]).to_vec();
        file.extend(length);
        file.extend(value("one").to_bytes());
        match add(file) {
            Err(CarError::Block { fault, .. }) => fault,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(fault(&[0]), "its length is 0");
    assert_eq!(fault(&[0xa4, 0]), "its length is not in its shortest form");
    assert_eq!(fault(&[0xff; 9]), "its length has no end");
    assert_eq!(
        fault(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]),
        "the file ends before it does"
    );
    assert_eq!(fault(&[37]), "the file ends before it does");
}

#[test]
fn headers_are_of_version_1() {
    let fault = |header: &[u8]| {
        let file = [&[u8::try_from(header.len()).unwrap()], header].concat();
        match add(file) {
            Err(CarError::Header(fault)) => fault,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(add(b"\x11\xa2\x65roots\x80\x67version\x01".as_slice()), Ok(vec![]));
    assert_eq!(fault(b"\xa2\x65roots\x80\x67version\x02"), "its version is not 1");
    assert_eq!(fault(b"\xa1\x67version\x02"), "its version is not 1");
    assert_eq!(fault(b"\xa1\x65roots\x80"), "its version is not 1");
    assert_eq!(fault(b"\xa1\x67version\x01"), "it has no roots");
    assert_eq!(fault(b"\xa2\x65roots\x81\x01\x67version\x01"), "a root is not a link");
    assert_eq!(fault(b"\xa2\x65roots\x80\x67version\xf6"), "it has a field other than roots and version");
    assert_eq!(fault(b"\x80"), "it is not a map");
    assert_eq!(fault(b"\xa2\x67version\x01\x65roots\x80"), "a map's keys are not in canonical order");
    assert_eq!(fault(b"\xa2\x65roots\x80\x67version\x01\x00"), "bytes follow the value");
    assert_eq!(add(Bytes::new()), Err(CarError::Header("its length has no end")));
    let many = vec![value("one"); 500];
    assert_eq!(add(car(&many, &[])), Err(CarError::Header("it is larger than 16 KiB")));
}
