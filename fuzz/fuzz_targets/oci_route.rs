//! See [`oci::fuzzing::route`].

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| oci::fuzzing::route(input));
