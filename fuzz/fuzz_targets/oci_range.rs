//! See [`oci::fuzzing::range`].

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| oci::fuzzing::range(input));
