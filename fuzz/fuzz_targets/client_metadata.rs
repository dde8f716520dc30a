//! See [`atproto::fuzzing::auth::client_metadata`].

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| atproto::fuzzing::auth::client_metadata(input));
