//! The Belvedere server and its command line.
fn main() {}
