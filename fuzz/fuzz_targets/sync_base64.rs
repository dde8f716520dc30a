//! See [`sync::fuzzing::base64`].

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| sync::fuzzing::base64(input));
