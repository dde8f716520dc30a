//! See [`hold_xrpc::fuzzing::url`].

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| hold_xrpc::fuzzing::url(input));
