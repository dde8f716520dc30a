//! Compiling scripts, and running a bounded number of them at once.

#![expect(unsafe_code, reason = "what is on the stack of a script is known here")]

use std::sync::Arc;

use tokio::sync::Semaphore;

use crate::fiber::{Fiber, Stacks, Waiter};
use crate::limits::Limits;
use crate::machine::{Code, Machine};
use crate::pool::Pool;
use crate::prelude::Parts;
use crate::session::Scene;
use crate::{Host, Observed, Outcome, Program, Run, ScriptError, outbound, telemetry};

/// What an engine is made of.
pub struct EngineConfig {
    /// Scripts of one depth that run at once, those that wait for the host included. Each has a machine and a stack; others
    /// wait for their turn.
    pub at_once: usize,
    /// Machines that are kept for the next run. One that holds nothing but a small program has about 200 kB.
    pub idle_machines: usize,
    /// Bytes of source a script may have.
    pub source_limit: usize,
    /// What scripts may call.
    pub host: Arc<dyn Host>,
}

impl EngineConfig {
    /// For as many scripts at once, and a few programs.
    #[must_use]
    pub fn new(at_once: usize, host: Arc<dyn Host>) -> Self {
        Self { at_once, idle_machines: 64, source_limit: 1 << 20, host }
    }
}

/// Runs scripts. Clones share places and machines.
#[derive(Clone)]
pub struct Engine(Arc<Inner>);

struct Inner {
    parts: Parts,
    host: Arc<dyn Host>,
    source_limit: usize,
    /// For each depth of its own, so that no run waits for its own ancestors.
    places: Vec<Semaphore>,
    stacks: Arc<Stacks>,
    pool: Arc<Pool>,
}

impl Engine {
    /// How deeply runs may be nested: [`Run::depth`] is at most this.
    pub const MAX_DEPTH: u8 = 8;

    /// An engine without any machine yet.
    #[must_use]
    pub fn new(config: EngineConfig) -> Self {
        telemetry::describe();
        let EngineConfig { at_once, idle_machines, source_limit, host } = config;
        let places = (0..=Self::MAX_DEPTH).map(|_| Semaphore::new(at_once.max(1))).collect();
        Self(Arc::new(Inner {
            parts: Parts::compile(),
            host,
            source_limit,
            places,
            stacks: Arc::new(Stacks::new(at_once)),
            pool: Arc::new(Pool::new(idle_machines)),
        }))
    }

    /// Compiles a script and checks it: its top level must run, with an empty `env` and nothing of the host, and define a global
    /// function `handle`. `name` begins the messages of its errors (59 bytes of it).
    pub async fn compile(&self, name: &str, source: &str) -> Result<Program, ScriptError> {
        let limit = self.0.source_limit;
        if source.len() > limit {
            return Err(ScriptError::TooLarge { bytes: source.len(), limit });
        }
        let (engine, name, source) = (self.clone(), name.to_owned(), source.to_owned());
        let compiling = tokio::task::spawn_blocking(move || engine.compile_here(&name, &source));
        compiling.await.unwrap_or(Err(ScriptError::Lost))
    }

    /// Runs a program once. Dropping the future stops the script.
    pub async fn run(&self, program: &Program, run: Run) -> Result<Outcome, ScriptError> {
        let program = program.clone();
        let ran = self.on_stack(run.depth, move |engine, waiter| engine.run_here(&program, run, waiter));
        ran.await.unwrap_or_else(Err)
    }

    /// The same; what it took and logged is told of a run that fails, too.
    pub async fn observe(&self, program: &Program, run: Run) -> Observed {
        let program = program.clone();
        let observed =
            self.on_stack(run.depth, move |engine, waiter| engine.observe_here(&program, run, waiter));
        observed.await.unwrap_or_else(Observed::none)
    }

    /// Runs programs one after the other, whatever becomes of each; the results in the same order.
    pub async fn run_all(&self, runs: Vec<(Program, Run)>) -> Vec<Result<Outcome, ScriptError>> {
        let count = runs.len();
        let depth = runs.iter().map(|(_, run)| run.depth).max().unwrap_or(0);
        let results = self.on_stack(depth, move |engine, waiter| {
            runs.into_iter().map(|(program, run)| engine.run_here(&program, run, waiter)).collect()
        });
        results.await.unwrap_or_else(|error| (0..count).map(|_| Err(error.clone())).collect())
    }

    async fn on_stack<T: Send + 'static>(
        &self,
        depth: u8,
        work: impl FnOnce(&Self, &Waiter) -> T + Send + 'static,
    ) -> Result<T, ScriptError> {
        let places = self.0.places.get(usize::from(depth)).ok_or(ScriptError::TooDeep)?;
        let _place = places.acquire().await.map_err(|_| ScriptError::Stopped)?;
        let engine = self.clone();
        // SAFETY: while a script waits, there is on its stack what the machine consists of, which belongs together, and the
        // future of the host, which is `Send`. Neither this crate nor the machine holds a lock then.
        let fiber = unsafe { Fiber::new(&self.0.stacks, move |waiter| work(&engine, waiter)) };
        let fiber = fiber.map_err(|error| {
            tracing::error!(%error, "no stack for a script");
            ScriptError::Lost
        })?;
        fiber.await.ok_or(ScriptError::Lost)
    }

    fn compile_here(&self, name: &str, source: &str) -> Result<Program, ScriptError> {
        let machine = self.machine(name, &Code::Source(source))?;
        machine.check(Limits::default())?;
        let outbound = outbound::calls(source);
        let program = Program::new(name, source, machine.bytecode(), outbound, Arc::downgrade(&self.0.pool));
        self.keep(&program, machine);
        Ok(program)
    }

    fn run_here(&self, program: &Program, run: Run, waiter: &Waiter) -> Result<Outcome, ScriptError> {
        let result = self.observe_here(program, run, waiter).outcome();
        telemetry::ran(&result);
        result
    }

    fn observe_here(&self, program: &Program, run: Run, waiter: &Waiter) -> Observed {
        let Run { globals, limits, context, depth: _ } = run;
        let machine = self
            .0
            .pool
            .take(program.id())
            .map_or_else(|| self.machine(program.name(), &Code::Bytecode(program.bytecode())), Ok);
        let machine = match machine {
            Ok(machine) => machine,
            Err(error) => return Observed::none(error),
        };
        let scene = Scene { script: program.shared_name(), host: Arc::clone(&self.0.host), context, globals };
        let observed = machine.run(limits, waiter, scene);
        self.keep(program, machine);
        observed
    }

    fn machine(&self, name: &str, code: &Code<'_>) -> Result<Machine, ScriptError> {
        telemetry::made_machine();
        Machine::new(&self.0.parts, self.0.host.functions(), name, code)
    }

    fn keep(&self, program: &Program, machine: Machine) {
        if machine.tidy() {
            self.0.pool.give_back(program.id(), machine);
        }
    }
}
