//! See [`federation::fuzzing::name`].

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| federation::fuzzing::name(input));
