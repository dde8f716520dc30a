//! See [`atproto::fuzzing::auth::dpop_proof`].

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| atproto::fuzzing::auth::dpop_proof(input));
