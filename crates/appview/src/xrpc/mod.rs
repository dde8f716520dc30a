//! XRPC by lexicon: every loaded query is an endpoint (spec/appview.md §3.5).

mod arguments;
mod blobs;
mod dispatch;
mod entry;
mod list;
mod record;
mod reply;

use identity::Resolver;
use records::Records;
use server::{Access, Cors, Mount, Route, standard_errors};

use crate::Catalogue;

/// What the handlers work with.
#[derive(Clone)]
pub(crate) struct Xrpc {
    pub(crate) catalogue: Catalogue,
    pub(crate) records: Records,
    pub(crate) resolver: Resolver,
}

/// Everything below `/xrpc`. No kind of credential is accepted here yet, so whoever sends one is refused.
pub(crate) fn mount(xrpc: &Xrpc) -> Mount {
    Mount { cors: Some(Cors::xrpc()), ..Mount::new("/xrpc", standard_errors) }.routes(
        xrpc,
        [
            Route::get("/xrpc/{nsid}", Access::Delegated, "Answer a query lexicon", dispatch::query),
            Route::post("/xrpc/{nsid}", Access::Delegated, "Call a procedure lexicon", dispatch::procedure),
        ],
    )
}
