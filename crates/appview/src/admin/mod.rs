//! The admin API of lexicons, records and counts (spec/appview.md §3.13).

mod lexicons;
mod network_lexicons;
mod problem;
mod records;
mod stats;

use ::records::Records;
use identity::Resolver;
use server::{Access, Caller, Cors, Credential, Mount, Route, standard_errors};

use crate::Catalogue;
use crate::network::LexiconResolver;
use accounts::permissions::{
    LEXICONS_CREATE, LEXICONS_DELETE, LEXICONS_READ, RECORDS_DELETE, RECORDS_DELETE_COLLECTION, RECORDS_READ,
    STATS_READ,
};

/// What the handlers work with.
#[derive(Clone)]
pub(crate) struct Admin {
    pub(crate) catalogue: Catalogue,
    pub(crate) records: Records,
    pub(crate) resolver: Resolver,
    pub(crate) publishers: LexiconResolver,
}

/// Everything of ours below `/admin`.
pub(crate) fn mount(admin: &Admin) -> Mount {
    Mount {
        cors: Some(Cors::xrpc()),
        credentials: &[Credential::ApiKey],
        ..Mount::new("/admin", standard_errors)
    }
    .routes(
        admin,
        [
            Route::post("/admin/lexicons", LEXICONS_CREATE, "Add or replace a lexicon", lexicons::add),
            Route::get("/admin/lexicons", LEXICONS_READ, "List lexicons", lexicons::list),
            Route::get("/admin/lexicons/{id}", LEXICONS_READ, "Show a lexicon", lexicons::show),
            Route::delete("/admin/lexicons/{id}", LEXICONS_DELETE, "Remove a lexicon", lexicons::remove),
            Route::post(
                "/admin/network-lexicons",
                LEXICONS_CREATE,
                "Add a lexicon that follows its publisher",
                network_lexicons::add,
            ),
            Route::get(
                "/admin/network-lexicons",
                LEXICONS_READ,
                "List lexicons that follow their publisher",
                network_lexicons::list,
            ),
            Route::get(
                "/admin/network-lexicons/resolve/{nsid}",
                LEXICONS_READ,
                "Show a published lexicon without adding it",
                network_lexicons::preview,
            ),
            Route::delete(
                "/admin/network-lexicons/{nsid}",
                LEXICONS_DELETE,
                "Remove a lexicon that follows its publisher",
                network_lexicons::remove,
            ),
            Route::get("/admin/stats", STATS_READ, "Count records by collection", stats::stats),
            Route::get("/admin/records", RECORDS_READ, "List records of a collection", records::list),
            Route::get(
                "/admin/records/collections",
                RECORDS_READ,
                "List collections of record lexicons",
                records::collections,
            ),
            Route::delete(
                "/admin/records",
                RECORDS_DELETE,
                "Remove a record from the index",
                records::delete,
            ),
            Route::delete(
                "/admin/records/collection",
                Access::AllOf(&[RECORDS_DELETE, RECORDS_DELETE_COLLECTION]),
                "Remove a collection's records from the index",
                records::purge,
            ),
        ],
    )
}

/// Who to name as the author of a change: their DID, else their row.
fn actor(caller: &Caller) -> &str {
    caller.principal.did().or_else(|| caller.principal.user_id()).unwrap_or("unknown")
}
