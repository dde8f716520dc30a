//! See [`find::fuzzing::query_filters`].

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| find::fuzzing::query_filters(input));
