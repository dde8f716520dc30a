//! See [`atproto::fuzzing::commit`].

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| atproto::fuzzing::commit(input));
