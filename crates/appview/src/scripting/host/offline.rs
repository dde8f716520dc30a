//! Where scripts are compiled and tried, and nothing else.

use std::any::Any;
use std::sync::Arc;

use futures::future::BoxFuture;
use lua::{Engine, EngineConfig, Host, HostError};
use serde_json::value::RawValue;

use super::functions::{NAMES, function};

/// Has the functions that scripts find in a server, and refuses to carry them out.
struct Offline;

impl Host for Offline {
    fn functions(&self) -> &[&'static str] {
        NAMES
    }

    fn call<'a>(
        &'a self,
        _: &'a Arc<dyn Any + Send + Sync>,
        number: usize,
        _: &'a RawValue,
    ) -> BoxFuture<'a, Result<Box<RawValue>, HostError>> {
        let (name, _) = function(number);
        Box::pin(async move { Err(HostError::new(format!("{name} needs a running server"))) })
    }
}

/// An engine for commands, which check scripts before they store them.
#[must_use]
pub fn offline_engine() -> Engine {
    Engine::new(EngineConfig::new(1, Arc::new(Offline)))
}
