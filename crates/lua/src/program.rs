//! A script that was compiled.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};

use crate::pool::Pool;

/// One revision of a script, compiled and checked. Cheap to clone; its machines go when the last clone does.
#[derive(Clone)]
pub struct Program(Arc<Compiled>);

struct Compiled {
    id: u64,
    name: Arc<str>,
    source: Box<str>,
    bytecode: Vec<u8>,
    outbound: Vec<String>,
    pool: Weak<Pool>,
}

impl Program {
    pub(crate) fn new(
        name: &str,
        source: &str,
        bytecode: Vec<u8>,
        outbound: Vec<String>,
        pool: Weak<Pool>,
    ) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        Self(Arc::new(Compiled { id, name: name.into(), source: source.into(), bytecode, outbound, pool }))
    }

    /// The name it was compiled under; error messages begin with it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// What it was compiled from: for whoever has to tell where it failed.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.0.source
    }

    /// The NSIDs that are literal first arguments of `xrpc.query` or `xrpc.procedure`, each once, in order.
    #[must_use]
    pub fn outbound(&self) -> &[String] {
        &self.0.outbound
    }

    pub(crate) fn id(&self) -> u64 {
        self.0.id
    }

    pub(crate) fn shared_name(&self) -> Arc<str> {
        Arc::clone(&self.0.name)
    }

    pub(crate) fn bytecode(&self) -> &[u8] {
        &self.0.bytecode
    }
}

impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Program").field(&self.name()).finish()
    }
}

impl Drop for Compiled {
    fn drop(&mut self) {
        if let Some(pool) = self.pool.upgrade() {
            pool.forget(self.id);
        }
    }
}
