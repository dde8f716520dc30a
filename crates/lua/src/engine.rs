//! Compiling and running scripts on a bounded number of threads.

use std::sync::Arc;

use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use crate::lane::Lane;
use crate::limits::Limits;
use crate::machine::{Code, Machine};
use crate::pool::Pool;
use crate::prelude::Parts;
use crate::session::Scene;
use crate::{Host, Observed, Outcome, Program, Run, ScriptError, outbound, telemetry};

/// What an engine is made of.
pub struct EngineConfig {
    /// Threads for scripts of one depth. A script that waits for the host is on its thread.
    pub threads: usize,
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
    pub fn new(threads: usize, host: Arc<dyn Host>) -> Self {
        Self { threads, idle_machines: 64, source_limit: 1 << 20, host }
    }
}

/// Runs scripts. Clones share threads and machines; the threads end with the last clone.
#[derive(Clone)]
pub struct Engine(Arc<Inner>);

struct Inner {
    parts: Parts,
    host: Arc<dyn Host>,
    source_limit: usize,
    /// One for each depth: whoever waits for a run is on the lane above, so that no run waits for its own ancestors.
    lanes: Vec<Lane>,
    pool: Arc<Pool>,
}

impl Engine {
    /// How deeply runs may be nested: [`Run::depth`] is at most this.
    pub const MAX_DEPTH: u8 = 8;

    /// An engine without any thread yet.
    #[must_use]
    pub fn new(config: EngineConfig) -> Self {
        telemetry::describe();
        let EngineConfig { threads, idle_machines, source_limit, host } = config;
        let lanes = (0..=usize::from(Self::MAX_DEPTH)).map(|depth| Lane::new(depth, threads)).collect();
        Self(Arc::new(Inner {
            parts: Parts::compile(),
            host,
            source_limit,
            lanes,
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
        self.on_thread(0, move |stop| engine.compile_here(&name, &source, stop)).await?
    }

    /// Runs a program once. Dropping the future stops the script.
    pub async fn run(&self, program: &Program, run: Run) -> Result<Outcome, ScriptError> {
        let mut results = self.run_all(vec![(program.clone(), run)]).await;
        results.pop().unwrap_or(Err(ScriptError::Lost))
    }

    /// The same; what it took and logged is told of a run that fails, too.
    pub async fn observe(&self, program: &Program, run: Run) -> Observed {
        let (engine, program, runtime) = (self.clone(), program.clone(), Handle::current());
        let observed =
            self.on_thread(run.depth, move |stop| engine.observe_here(&program, run, &runtime, stop));
        observed.await.unwrap_or_else(Observed::none)
    }

    /// Runs programs one after the other on one thread, whatever becomes of each; the results in the same order.
    pub async fn run_all(&self, runs: Vec<(Program, Run)>) -> Vec<Result<Outcome, ScriptError>> {
        let count = runs.len();
        let depth = runs.iter().map(|(_, run)| run.depth).max().unwrap_or(0);
        let (engine, runtime) = (self.clone(), Handle::current());
        let results = self.on_thread(depth, move |stop| {
            runs.into_iter().map(|(program, run)| engine.run_here(&program, run, &runtime, stop)).collect()
        });
        results.await.unwrap_or_else(|error| (0..count).map(|_| Err(error.clone())).collect())
    }

    async fn on_thread<T: Send + 'static>(
        &self,
        depth: u8,
        work: impl FnOnce(&CancellationToken) -> T + Send + 'static,
    ) -> Result<T, ScriptError> {
        let lane = self.0.lanes.get(usize::from(depth)).ok_or(ScriptError::TooDeep)?;
        let stop = CancellationToken::new();
        let _stopped_when_dropped = stop.clone().drop_guard();
        let (sender, receiver) = oneshot::channel();
        let work = move || {
            if !stop.is_cancelled() {
                // Nobody may be waiting any more.
                let _ = sender.send(work(&stop));
            }
        };
        lane.give(Box::new(work)).await?;
        receiver.await.map_err(|_| ScriptError::Lost)
    }

    fn compile_here(
        &self,
        name: &str,
        source: &str,
        stop: &CancellationToken,
    ) -> Result<Program, ScriptError> {
        let machine = self.machine(name, &Code::Source(source))?;
        machine.check(Limits::default(), stop.clone())?;
        let outbound = outbound::calls(source);
        let program = Program::new(name, source, machine.bytecode(), outbound, Arc::downgrade(&self.0.pool));
        self.keep(&program, machine);
        Ok(program)
    }

    fn run_here(
        &self,
        program: &Program,
        run: Run,
        runtime: &Handle,
        stop: &CancellationToken,
    ) -> Result<Outcome, ScriptError> {
        let result = self.observe_here(program, run, runtime, stop).outcome();
        telemetry::ran(&result);
        result
    }

    fn observe_here(
        &self,
        program: &Program,
        run: Run,
        runtime: &Handle,
        stop: &CancellationToken,
    ) -> Observed {
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
        let scene = Scene {
            script: program.shared_name(),
            host: Arc::clone(&self.0.host),
            context,
            runtime: runtime.clone(),
            stop: stop.clone(),
        };
        let observed = machine.run(&globals, limits, stop.clone(), scene);
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
