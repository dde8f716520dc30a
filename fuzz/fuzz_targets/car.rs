//! See [`atproto::fuzzing::car`].

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| atproto::fuzzing::car(input));
