//! Network lexicons: found by NSID in their publisher's repository and kept in step with it (spec/appview.md §8.4).

mod follow;
mod hook;
mod resolve;

pub(crate) use follow::{Asking, keep_in_step};
pub(crate) use hook::LexiconHook;
pub use resolve::{LexiconResolver, References};

use std::sync::LazyLock;

use atproto::Nsid;

/// The collection lexicons are published in; the record key is the NSID.
#[expect(clippy::expect_used, reason = "a constant that parses")]
pub(crate) static SCHEMA_COLLECTION: LazyLock<Nsid> =
    LazyLock::new(|| Nsid::parse("com.atproto.lexicon.schema").expect("an NSID"));
