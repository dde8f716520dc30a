//! See [`registry::auth::fuzzing::token`].

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| registry::auth::fuzzing::token(input));
