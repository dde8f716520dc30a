//! What moderators and admins do about people and other servers, and what people report (spec/social.md §3.5).

mod act;
mod domains;
mod nearest;
mod report;
mod routes;

pub use act::{Measure, role};
pub use domains::{Rule, remove_rule, set_rule};
pub(crate) use nearest::submit;
pub use nearest::{names_of, rule_of, rules_of_hosts};
pub use report::{NewReport, report};
pub(crate) use routes::routes;
