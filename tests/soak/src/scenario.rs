//! What a scenario is.

use std::fmt;

use futures::future::LocalBoxFuture;

use crate::{Kind, Run};

/// Something that happens to the program, and what must be true afterwards.
#[derive(Clone, Copy)]
pub struct Scenario {
    /// Its name, for `SCENARIO=…`.
    pub name: &'static str,
    /// What it does, for people.
    pub about: &'static str,
    /// The databases on which it makes sense.
    pub kinds: &'static [Kind],
    /// Plays it; panics if the program does not do what it must.
    pub play: fn(Run) -> LocalBoxFuture<'static, ()>,
}

impl fmt::Debug for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Scenario").field(&self.name).finish()
    }
}
