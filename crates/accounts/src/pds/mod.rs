//! Sessions with the PDSes of users: signing in, and acting for them afterwards (spec/appview.md §3.9, §7.1, §7.5).
//!
//! There are two ways to a session. Somebody signs in on this server's pages, and [`SignIn`] takes them through OAuth
//! with the authorization server of their PDS; or an app did that itself and registers what it got
//! ([`PdsSessions::save`]). From then on both are the same: [`PdsSession::call`] asks the PDS on the user's behalf.
//!
//! A refresh token is good for one use, and using an old one ends the session for good. So of all tasks and all
//! instances one refreshes, it goes on when its caller has gone, and nobody uses new tokens that are not stored.

mod authority;
mod error;
mod nonces;
mod oauth_client;
mod proof;
mod routes;
mod session;
mod sign_in;
mod writer;

pub use error::PdsError;
pub use session::{
    Holder, NewPdsSession, PdsAnswer, PdsCall, PdsParts, PdsSession, PdsSessions, SessionInfo, TokenOwner,
};
pub use sign_in::{Departure, SignIn, SignInParts};
