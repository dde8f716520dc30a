//! The admin API of lexicons, records and counts (spec/appview.md §3.13).

mod lexicons;
mod network_lexicons;
mod problem;
mod records;
mod stats;

use ::records::Records;
use identity::Resolver;
use server::{Caller, Extension};

use crate::network::LexiconResolver;
use crate::{Catalogue, Lexicons};

/// What the handlers work with.
#[derive(Clone)]
pub(crate) struct Admin {
    pub(crate) catalogue: Catalogue,
    pub(crate) records: Records,
    pub(crate) resolver: Resolver,
    pub(crate) publishers: LexiconResolver,
}

/// Everything of ours below `/admin`, which the accounts own.
pub(crate) fn extension(admin: &Admin) -> Extension {
    Extension::new("/admin")
        .routes(admin, lexicons::routes())
        .routes(admin, network_lexicons::routes())
        .routes(admin, records::routes())
        .routes(admin, [stats::route()])
}

impl Admin {
    /// The table of lexicons, to be changed in the name of the caller.
    fn lexicons(&self, caller: &Caller) -> Lexicons {
        self.catalogue.lexicons().on_behalf_of(caller.principal.did())
    }
}

/// Who to name as the author of a change: their DID, else their row.
fn actor(caller: &Caller) -> &str {
    caller.principal.did().or_else(|| caller.principal.user_id()).unwrap_or("unknown")
}
