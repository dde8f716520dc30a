//! See [`atproto::fuzzing::zstd_frame`].

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| atproto::fuzzing::zstd_frame(input));
