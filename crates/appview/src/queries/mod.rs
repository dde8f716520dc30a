//! Queries whose parameters name fields of records: what a lexicon declares, which indexes that needs, how it is answered.
//!
//! A [`Shape`] is made of two lexicons when they are loaded: that of the query and that of the records it is about. A
//! parameter that is called like a field is a condition on it; docs/queries.md has the rules. A query that names no field
//! has no shape and is what it always was, a list.

mod insight;
mod keeper;
mod schema;
mod selection;
mod shape;
mod slow;
mod specs;

pub use insight::{ExplainedView, IndexView, Insight, ParameterView, QueryView, SlowView};
pub(crate) use keeper::Keeper;
pub(crate) use selection::{Asked, refused};
pub(crate) use shape::Shape;
pub(crate) use slow::SlowQueries;
