//! See [`atproto::fuzzing::firehose_frame`].

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| atproto::fuzzing::firehose_frame(input));
