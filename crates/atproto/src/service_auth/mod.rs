//! Service auth: short-lived tokens by which an account asks one service through another, signed with the key of its
//! repository.

mod error;
mod sign;
mod token;

pub use error::ServiceAuthError;
pub use sign::{Claims, sign};
pub use token::{Expect, MAX_AHEAD_SECONDS, MAX_LIFETIME_SECONDS, ServiceToken};
