//! See [`sync::fuzzing::voice`].

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| sync::fuzzing::voice(input));
