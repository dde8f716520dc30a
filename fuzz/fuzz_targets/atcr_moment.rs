//! See [`atcr::fuzzing::moment`].

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| atcr::fuzzing::moment(input));
