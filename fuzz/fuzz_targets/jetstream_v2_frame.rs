//! See [`atproto::fuzzing::jetstream_v2_frame`].

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| atproto::fuzzing::jetstream_v2_frame(input));
