//! See [`atproto::fuzzing::mst_walk`].

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| atproto::fuzzing::mst_walk(input));
