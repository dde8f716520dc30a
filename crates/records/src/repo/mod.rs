//! Writing to repositories: their server first, and what it confirmed is in the index at once.

mod answer;
mod confirm;
mod request;
mod through;
mod writer;

pub use answer::{RepoAnswer, Written};
pub use confirm::Confirmed;
pub use request::RepoWrite;
pub use writer::RepoWriter;
