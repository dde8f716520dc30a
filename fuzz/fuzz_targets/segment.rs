//! See [`atproto::fuzzing::segment`].

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| atproto::fuzzing::segment(input));
