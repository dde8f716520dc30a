//! Where definitions of other lexicons are found.

use std::collections::HashMap;
use std::hash::BuildHasher;
use std::sync::Arc;

use super::Compiled;
use crate::Nsid;

/// The lexicons that a value is checked with. What is not among them is treated as open: anything passes for it.
pub trait Definitions {
    /// The lexicon with this NSID.
    fn lexicon(&self, nsid: &str) -> Option<&Compiled>;
}

/// No other lexicon at all.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoOthers;

impl Definitions for NoOthers {
    fn lexicon(&self, _: &str) -> Option<&Compiled> {
        None
    }
}

impl<S: BuildHasher> Definitions for HashMap<Nsid, Arc<Compiled>, S> {
    fn lexicon(&self, nsid: &str) -> Option<&Compiled> {
        self.get(nsid).map(Arc::as_ref)
    }
}
