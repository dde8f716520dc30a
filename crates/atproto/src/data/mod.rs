//! Records as JSON: what they contain, what their CID is, and what of them a database can keep.

mod decode;
mod error;
mod limits;
mod parse;
pub mod record;
mod scan;
mod storable;

pub use error::{DataError, NotEncodable};
pub use limits::Limits;
pub use parse::parse;
pub(crate) use parse::parse_as;
pub(crate) use scan::check_size;
pub use storable::storable;
