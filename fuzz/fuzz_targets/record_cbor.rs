//! See [`atproto::fuzzing::record_cbor`].

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| atproto::fuzzing::record_cbor(input));
