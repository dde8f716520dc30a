//! XRPC by lexicon: every loaded query and procedure is an endpoint (spec/appview.md §3.5). Besides, there are a few
//! methods that need no lexicon (§3.6, §3.7); their names take precedence.

mod arguments;
pub(crate) mod blobs;
mod dispatch;
mod entry;
mod input;
mod inside;
mod list;
mod miss;
mod procedure;
mod profile;
mod queries;
mod record;
pub(crate) mod reply;
mod script;
mod session;
pub(crate) mod upload;

pub(crate) use arguments::Arguments;
pub(crate) use miss::Party;

pub use queries::Queries;

use std::sync::Arc;

use accounts::Accounts;
use events::EventLog;
use find::Find;
use identity::Resolver;
use outbound::Outbound;
use readthrough::{Memory, ReadThrough};
use records::Records;
use server::{Access, Cors, Credential, Mount, Route, standard_errors};

use crate::Catalogue;
use crate::labelling::Labelling;
use crate::proxy::Proxy;
use crate::queries::SlowQueries;
use crate::scripting::Scripting;

/// What the handlers work with, behind one pointer: every request takes its own copy.
pub(crate) struct Xrpc {
    pub(crate) accounts: Accounts,
    pub(crate) catalogue: Catalogue,
    pub(crate) records: Records,
    pub(crate) find: Find,
    pub(crate) slow: SlowQueries,
    pub(crate) readthrough: ReadThrough,
    pub(crate) profiles: Memory<profile::Refusal>,
    pub(crate) resolver: Resolver,
    pub(crate) outbound: Outbound,
    pub(crate) events: EventLog,
    pub(crate) scripting: Scripting,
    pub(crate) labelling: Labelling,
    pub(crate) proxy: Proxy,
}

/// Who may call, in the order of spec/appview.md §3.2. An API key is for operators and their tools.
const CREDENTIALS: &[Credential] = &[Credential::Dpop, Credential::ServiceJwt, Credential::Cookie];

/// Everything below `/xrpc`.
pub(crate) fn mount(xrpc: &Arc<Xrpc>) -> Mount {
    let mount =
        Mount { cors: Some(Cors::xrpc()), credentials: CREDENTIALS, ..Mount::new("/xrpc", standard_errors) };
    let mut mount = mount.routes(
        xrpc,
        [
            Route::get("/xrpc/{nsid}", Access::Delegated, "Answer a query lexicon", dispatch::query),
            Route::post("/xrpc/{nsid}", Access::Delegated, "Call a procedure lexicon", dispatch::procedure),
            Route::get(
                "/xrpc/app.bsky.actor.getProfile",
                Access::Authenticated,
                "Show one's profile",
                profile::own,
            ),
            Route::post(
                "/xrpc/com.atproto.repo.uploadBlob",
                Access::Authenticated,
                "Upload a blob to one's PDS",
                upload::upload,
            )
            .body_limit(upload::MAX_BYTES)
            .time_limit(upload::TIME_LIMIT),
        ],
    );
    mount.routes.extend(xrpc.accounts.clients.xrpc_routes());
    mount
}
