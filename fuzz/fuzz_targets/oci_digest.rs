//! See [`oci::fuzzing::digest`].

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| oci::fuzzing::digest(input));
