//! See [`atproto::fuzzing::at_uri`].

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| atproto::fuzzing::at_uri(input));
