//! See [`sync::fuzzing::token`].

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| sync::fuzzing::token(input));
