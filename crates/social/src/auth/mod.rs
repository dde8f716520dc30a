//! Who somebody is: passwords, tokens, keys, and accounts of the AT Protocol (spec/social.md §3.1).

mod api_keys;
mod atproto;
mod authenticator;
mod identity;
mod login;
mod register;
mod routes;
mod token;

pub(crate) use authenticator::SocialAuthenticator;
pub use identity::{ADMINISTER, MODERATE};
pub use login::{confirm, login};
pub use register::{NewAccount, register};
pub(crate) use routes::routes;
pub use token::TokenKeys;
