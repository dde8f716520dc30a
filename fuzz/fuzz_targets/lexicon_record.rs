//! See [`atproto::fuzzing::lexicon_record`].

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| atproto::fuzzing::lexicon_record(input));
