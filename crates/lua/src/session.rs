//! What the functions of a machine know of the run that calls them.

use std::any::Any;
use std::cell::{RefCell, RefMut};
use std::rc::Rc;
use std::sync::Arc;

use serde_json::value::RawValue;

use crate::meter::{Meter, Over};
use crate::{Global, Host, HostError};

const LOG_LINES: usize = 200;
/// Nobody reads more in the server's own log.
const PRINT_LINES: u64 = 10_000;
const LOG_LINE_BYTES: usize = 4 << 10;

/// Belongs to one machine; the run changes.
pub(crate) struct Session {
    pub(crate) meter: Meter,
    current: RefCell<Current>,
}

#[derive(Default)]
struct Current {
    scene: Option<Rc<Scene>>,
    /// Those of its global variables that the script has not asked for.
    globals: Vec<(&'static str, Global)>,
    log: Vec<String>,
    /// Lines of it that were there, kept or not.
    logged: u64,
    printed: u64,
}

/// Where a run takes place. A script that is only checked has none.
pub(crate) struct Scene {
    pub(crate) script: Arc<str>,
    pub(crate) host: Arc<dyn Host>,
    pub(crate) context: Arc<dyn Any + Send + Sync>,
    /// What the script finds in its global variables.
    pub(crate) globals: Vec<(&'static str, Global)>,
}

/// Why a call of a host function has no result.
pub(crate) enum CallError {
    Over(Over),
    Host(HostError),
}

impl Session {
    pub(crate) fn new() -> Self {
        Self { meter: Meter::new(), current: RefCell::default() }
    }

    pub(crate) fn begin(&self, mut scene: Option<Scene>) {
        let globals = scene.as_mut().map(|scene| std::mem::take(&mut scene.globals)).unwrap_or_default();
        *self.current() = Current { scene: scene.map(Rc::new), globals, ..Current::default() };
    }

    /// Forgets the run; what it has logged.
    pub(crate) fn finish(&self) -> Vec<String> {
        std::mem::take(&mut *self.current()).log
    }

    /// Gives away a global variable, once.
    pub(crate) fn global(&self, name: &[u8]) -> Option<Global> {
        let globals = &mut self.current().globals;
        let place = globals.iter().position(|(given, _)| given.as_bytes() == name)?;
        Some(globals.swap_remove(place).1)
    }

    /// For each function of the host whether the run has it.
    pub(crate) fn offered(&self, functions: usize) -> Vec<u8> {
        let scene = self.scene();
        let offers =
            |function| scene.as_ref().is_none_or(|scene| scene.host.offers(&scene.context, function));
        (0..functions).map(|function| if offers(function) { b'y' } else { b'n' }).collect()
    }

    /// Calls a host function and waits until it has answered, or nobody wants to know any more.
    pub(crate) fn call(&self, function: usize, arguments: &RawValue) -> Result<Box<RawValue>, CallError> {
        let Some(scene) = self.scene() else {
            let message =
                "what the server offers cannot be called while a script is checked; do it in `handle`";
            return Err(CallError::Host(HostError::new(message)));
        };
        self.meter.call_host().map_err(CallError::Over)?;
        let answer = self.meter.wait(scene.host.call(&scene.context, function, arguments));
        answer.map_err(CallError::Over)?.map_err(CallError::Host)
    }

    pub(crate) fn log(&self, message: &str) {
        let message = &message[..message.floor_char_boundary(LOG_LINE_BYTES)];
        let scene = {
            let mut current = self.current();
            if current.logged >= self.meter.log_limit() {
                return;
            }
            current.logged += 1;
            if current.log.len() < LOG_LINES {
                current.log.push(message.to_owned());
            }
            current.scene.clone()
        };
        if let Some(scene) = scene {
            scene.host.log(&scene.context, message);
        }
    }

    pub(crate) fn print(&self, message: &str) {
        let message = &message[..message.floor_char_boundary(LOG_LINE_BYTES)];
        let scene = {
            let mut current = self.current();
            current.printed += 1;
            if current.printed > PRINT_LINES {
                return;
            }
            current.scene.clone()
        };
        if let Some(scene) = scene {
            tracing::info!(script = &*scene.script, "{message}");
        }
    }

    fn scene(&self) -> Option<Rc<Scene>> {
        self.current().scene.clone()
    }

    fn current(&self) -> RefMut<'_, Current> {
        self.current.borrow_mut()
    }
}
