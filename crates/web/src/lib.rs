//! The web app of the server: its files, as they were built, and the page that starts it.
//!
//! The files are part of the program, with compressed copies that were made when they were built, so nothing is read or compressed
//! for a request. They have their hash in their name and are kept by browsers for ever; the page that names them is asked
//! about each time. A program that was built without them says how to get them, and everything else works.

mod file;
mod page;
mod policy;
mod routes;

pub use routes::app;
