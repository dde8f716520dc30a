//! See [`atproto::fuzzing::auth::service_token`].

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| atproto::fuzzing::auth::service_token(input));
