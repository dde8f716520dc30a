//! See [`registry_client::fuzzing::layout`].

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| registry_client::fuzzing::layout(input));
