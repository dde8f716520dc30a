//! OAuth as the protocol profiles it: what an app and a server that acts for it say to an authorization server and to a
//! server with data, as pure functions.
//!
//! - [`pkce`], [`dpop`], [`client_assertion`]: the proofs a client makes, and how they are verified;
//! - [`AuthorizationServer`], [`ProtectedResource`], [`ClientMetadata`], [`LoopbackClient`]: the documents both sides
//!   publish, checked against the rules of the profile;
//! - [`PushedRequest`], [`Callback`], [`TokenResponse`], [`ErrorAnswer`], [`Challenge`]: the answers of a server;
//! - [`scope`]: what an access token allows.

mod answers;
mod authorization_server;
mod callback;
mod challenge;
pub mod client_assertion;
mod client_metadata;
mod document;
pub mod dpop;
mod loopback_client;
pub mod pkce;
mod protected_resource;
mod redirect_uri;
pub mod scope;
mod web_url;

pub use answers::{ErrorAnswer, PushedRequest, TokenResponse};
pub use authorization_server::AuthorizationServer;
pub use callback::{Callback, CallbackError};
pub use challenge::Challenge;
pub use client_metadata::{ApplicationType, ClientAuthentication, ClientMetadata};
pub use document::DocumentError;
pub use loopback_client::LoopbackClient;
pub use protected_resource::ProtectedResource;
