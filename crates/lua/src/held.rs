//! What a host keeps for one run.

use std::any::Any;
use std::fmt;
use std::sync::{Arc, OnceLock};

/// A place in the context of a run for what the host wants to keep as long as it lasts, whoever made the context. Clones share
/// it.
#[derive(Clone, Default)]
pub struct Held(Arc<OnceLock<Box<dyn Any + Send + Sync>>>);

impl Held {
    /// What is kept, made when it is first asked for. Nothing if something of another type is kept.
    pub fn get_or_init<T: Any + Send + Sync>(&self, make: impl FnOnce() -> T) -> Option<&T> {
        self.0.get_or_init(|| Box::new(make())).downcast_ref()
    }
}

impl fmt::Debug for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Held")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_was_first() {
        let held = Held::default();
        assert_eq!(held.get_or_init(|| 1), Some(&1));
        assert_eq!(held.clone().get_or_init(|| 2), Some(&1));
        assert_eq!(held.get_or_init(|| "other"), None);
    }
}
