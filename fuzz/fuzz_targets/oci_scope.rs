//! See [`oci::fuzzing::scope`].

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| oci::fuzzing::scope(input));
