//! See [`federation::fuzzing::retry_after`].

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| federation::fuzzing::retry_after(input));
