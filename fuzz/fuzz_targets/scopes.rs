//! See [`atproto::fuzzing::auth::scopes`].

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| atproto::fuzzing::auth::scopes(input));
