//! Pages that are made on the server and need no script: what people see when a program asks to be let in, and where a link leads them.
//!
//! What strangers wrote stands in them as [`Text`]; nothing but our own style may run in them, and nobody may frame them.

mod alarm;
mod page;
mod text;

pub use alarm::Alarm;
pub use page::Page;
pub use text::Text;
