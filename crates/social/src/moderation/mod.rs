//! What moderators and admins do about people and other servers, and what people report (spec/social.md §3.5).

mod act;
mod domains;
mod report;
mod routes;

pub use act::{Measure, role};
pub use domains::{Rule, remove_rule, rule_of, set_rule};
pub use report::{NewReport, report};
pub(crate) use routes::routes;
