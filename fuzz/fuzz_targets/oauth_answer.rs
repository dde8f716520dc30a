//! See [`atproto::fuzzing::auth::oauth_answer`].

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| atproto::fuzzing::auth::oauth_answer(input));
