//! See [`federation::fuzzing::redirect`].

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| federation::fuzzing::redirect(input));
