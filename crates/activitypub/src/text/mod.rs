//! Texts: what people write here as HTML for others, and the HTML of others as something harmless (spec/social.md §4.6).

mod plain;
mod render;
mod sanitize;
mod scan;
mod target;
#[cfg(test)]
mod tests;

pub use plain::to_plain;
pub use render::{render, render_field};
pub use sanitize::sanitize;
pub use scan::{Segment, scan};
pub use target::Target;
