//! The HTTP shell that every app is mounted in.
//!
//! An [`App`] is a plain value: its [`Mount`]s, each a path prefix with [`Route`]s, its [`Extension`]s of other apps'
//! mounts, and its [`Task`]s. [`Shell::new`] checks that they fit together, [`Shell::serve`] runs them. A request passes,
//! in this order:
//!
//! 1. `connections`: limits on connections, heads and stalled clients;
//! 2. `front`: a request id, a tracing span, the base path, the mount with the longest matching prefix;
//! 3. `mounted`: the host name, cross-origin rules, the length of the URI, compression of the answer;
//! 4. `gate`: credentials, cross-site requests, permissions, rate limits, size of the body, time limit, panics, metrics of
//!    the route;
//! 5. the handler, which checks none of this. It returns a response or a [`Problem`], and the problem takes the shape
//!    of its mount's [`ErrorStyle`].

mod access;
mod app;
mod assemble;
mod authenticator;
mod base_path;
mod body;
mod caller;
mod challenge;
mod client_address;
mod client_classes;
mod compression;
mod config;
mod connections;
mod cors;
mod cross_site;
mod error;
mod extension;
mod extract;
mod front;
mod gate;
mod health;
mod meters;
mod metrics_listener;
mod mount;
mod mounted;
mod openapi;
mod passing;
mod permission;
mod problem;
mod progress;
mod render;
mod request_id;
mod route;
mod sent;
mod shell;
mod sites;
mod stall;
mod style;
mod table;
mod target;
mod tasks;
mod throttle;
mod trusted_proxies;
mod unrouted;

pub use access::Access;
pub use app::{App, Task};
pub use authenticator::{AuthError, Authenticator, Credential, LeftToHandlers};
pub use body::discard_body;
pub use caller::{Caller, Principal};
pub use challenge::ChallengeError;
pub use client_address::ClientAddress;
pub use client_classes::ClientClasses;
pub use config::ShellConfig;
pub use cors::Cors;
pub use error::Error;
pub use extension::Extension;
pub use extract::{Json, Path, Query};
pub use health::{Check, CheckError};
pub use metrics_listener::serve_metrics;
pub use mount::Mount;
pub use permission::{Permission, PermissionSet};
pub use problem::{Asked, Problem};
pub use render::rendered;
pub use request_id::RequestId;
pub use route::Route;
pub use sent::Sent;
pub use shell::Shell;
pub use sites::{Hosts, Sites};
pub use style::{ErrorStyle, standard_errors};
pub use table::RouteInfo;
pub use target::Target;
pub use throttle::Throttle;
pub use trusted_proxies::{NotANetwork, TrustedProxies};
