//! See [`sync::fuzzing::text`].

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| sync::fuzzing::text(input));
