//! See [`registry::auth::fuzzing::authorization`].

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| registry::auth::fuzzing::authorization(input));
