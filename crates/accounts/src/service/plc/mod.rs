//! What the PLC directory says of this server's DID, and keeping it true.

mod attached;
mod contents;
mod directory;
mod exclusively;
mod register;
mod sync;
mod verified;
