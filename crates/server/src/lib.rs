//! The HTTP shell that every app is mounted in.
