//! Who somebody is to the registry, and what they may do (spec/registry.md §2).
//!
//! A client that is asked who it is goes to [`/auth/token`](Auth::mounts) with a name and a secret, or with nothing, and gets a
//! [`Token`]: what its bearer may do with which repositories, signed, for five minutes. The rest of the registry asks
//! [`Auth::presented`] and [`Auth::allowed`], which look at the token and ask nobody.
//!
//! What somebody may do is decided by a [`Policy`], of which this module knows one thing itself: only its owner writes to a
//! repository. Secrets are of devices that their owner approved in a browser, of app passwords at the owner's PDS, or of
//! [`LocalAccounts`].

mod authorization;
mod claims;
mod credentials;
mod devices;
mod error;
mod flow;
#[doc(hidden)]
pub mod fuzzing;

mod grant;
mod here;
mod key;
mod moment;
pub(crate) mod pages;
mod parts;
mod passwords;
mod policy;
mod presented;
mod refresh;
mod revoked;
mod routes;
mod token;
mod tokens;

pub use credentials::LoginError;
pub use devices::DeviceView;
pub use error::{Cause, Error};
pub use parts::{Auth, AuthConfig, AuthParts};
pub use passwords::{PasswordError, PasswordSession, PdsPasswords};
pub use policy::{LocalAccounts, Policy};
pub use presented::Presented;
pub use token::{Access, Login, Method, Token};
pub use tokens::Tokens;
