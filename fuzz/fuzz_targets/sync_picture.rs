//! See [`sync::fuzzing::picture`].

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| sync::fuzzing::picture(input));
