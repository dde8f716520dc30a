//! See [`atproto::fuzzing::label_frame`].

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| atproto::fuzzing::label_frame(input));
