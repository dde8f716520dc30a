//! Pictures that people show: checked, written anew without what else was in the file, kept under a name of their content
//! (spec/social.md §7.2).

mod kind;
mod picture;
mod routes;
mod sent;
mod store;
mod unused;
mod upload;

pub use kind::Kind;
pub use picture::{Picture, Size};
pub(crate) use routes::routes;
pub use sent::{MAX_DESCRIPTION, send};
pub use store::MediaStore;
pub(crate) use unused::keep;
pub use unused::remove_unused;
pub(crate) use upload::{FileForm, MAX_FORM, PictureForm, file, picture};
