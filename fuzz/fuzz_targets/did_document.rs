//! See [`atproto::fuzzing::did_document`].

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| atproto::fuzzing::did_document(input));
