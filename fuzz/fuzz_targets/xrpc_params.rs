//! See [`atproto::fuzzing::xrpc_params`].

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| atproto::fuzzing::xrpc_params(input));
