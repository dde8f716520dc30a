//! One job at work.
//!
//! Four things happen at the same time: the directory is read, hosts are looked up, repositories are fetched, and what was
//! fetched is written. Between them are the tables of the job and one short queue, so no stage can run far ahead of the
//! next, and stopping anywhere loses nothing but what was on its way.

mod archive;
mod discover;
mod end;
mod resolve;
mod shared;
mod unit;
mod writer;

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::future::BoxFuture;
use futures::stream::{FuturesUnordered, StreamExt};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::progress::Counters;
use crate::schedule::{Next, Schedule, Turn, Verdict, WINDOW};
use crate::{JobError, Stage, Status};
pub(crate) use end::settle;
pub(crate) use shared::{Live, Shared, lease_of};
use unit::TurnEnd;
pub(crate) use unit::{End, History, Parts, Reach, fetch, outcome};
use writer::{Message, Writer};

/// Between two looks at what the job was told, and two reports of how far it is.
const PERIOD: Duration = Duration::from_millis(250);

/// Parts on their way to the writer.
const QUEUE: usize = 16;

/// A host was found, or something is to be looked up again.
pub(crate) type Found = (String, atproto::Did);

/// How a run ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Ran {
    /// Everything is done.
    Done(Counters),
    /// The job was told to stop; its status says how.
    Told(Status),
    /// The server stops: the job goes on when it starts again.
    Interrupted,
}

/// Runs a job until it is done, told to stop or interrupted.
pub(crate) async fn run(shared: Arc<Shared>, stop: &CancellationToken) -> Result<Ran, JobError> {
    let stopping = stop.child_token();
    let _ends_with_us = stopping.clone().drop_guard();
    let (found, hosts) = mpsc::channel(1024);
    let (parts, queue) = mpsc::channel(QUEUE);
    let mut fetching = Fetching {
        schedule: Schedule::new(shared.scale),
        shared: Arc::clone(&shared),
        parts,
        hosts,
        units: FuturesUnordered::new(),
        discovery: Part::of(discover::discover(Arc::clone(&shared), stopping.clone())),
        resolution: Part::of(resolve::resolve(Arc::clone(&shared), found, stopping.clone())),
        writer: Part::of(Writer::new(Arc::clone(&shared)).run(queue, stopping.clone())),
        stop: stopping.clone(),
        nothing_left: false,
    };
    let outcome = fetching.run(&stopping).await;
    stopping.cancel();
    // What is being written is written to its end. However these end, the job goes on from what is in its tables.
    while fetching.units.next().await.is_some() {}
    drop(fetching.parts);
    for part in [fetching.writer, fetching.discovery, fetching.resolution] {
        part.end().await;
    }
    outcome
}

/// A repository whose turn is over: its host, its turn as it began, and what became of it unless it panicked.
type Unit = BoxFuture<'static, (String, Turn, Option<TurnEnd>)>;

struct Fetching {
    shared: Arc<Shared>,
    schedule: Schedule,
    parts: mpsc::Sender<Message>,
    hosts: mpsc::Receiver<Found>,
    units: FuturesUnordered<Unit>,
    discovery: Part,
    resolution: Part,
    writer: Part,
    stop: CancellationToken,
    /// What the schedule said last: it has nobody whose turn could come.
    nothing_left: bool,
}

impl Fetching {
    async fn run(&mut self, stop: &CancellationToken) -> Result<Ran, JobError> {
        for host in self.shared.hosts_to_do().await? {
            self.schedule.look_up(&host);
        }
        let mut tick = tokio::time::interval(PERIOD);
        loop {
            let wake = self.start_what_can_be_started().await?;
            tokio::select! {
                () = stop.cancelled() => return Ok(Ran::Interrupted),
                Some((host, did)) = self.hosts.recv() => self.schedule.add(&host, did),
                Some(unit) = self.units.next(), if !self.units.is_empty() => self.unit_ended(unit).await?,
                () = sleep_until(wake) => {}
                _ = tick.tick() => {
                    if let Some(outcome) = self.look_around().await? {
                        return Ok(outcome);
                    }
                }
            }
        }
    }

    /// When to look again, if nothing happens before.
    async fn start_what_can_be_started(&mut self) -> Result<Option<Instant>, JobError> {
        loop {
            for host in self.shared.progressed() {
                self.schedule.progressed(&host, Instant::now());
            }
            match self.schedule.next(&(self.shared.tuning)(), Instant::now()) {
                Next::Start { host, turn } => self.start(host, turn),
                Next::Refill { host, after } => {
                    let found = self.shared.to_fetch(&host, &after, WINDOW).await?;
                    self.schedule.refill(&host, found);
                }
                Next::Wait(wake) => {
                    self.nothing_left = false;
                    return Ok(wake);
                }
                Next::Idle => {
                    self.nothing_left = true;
                    return Ok(None);
                }
            }
        }
    }

    fn start(&mut self, host: String, turn: Turn) {
        let (shared, parts, stop) = (Arc::clone(&self.shared), self.parts.clone(), self.stop.clone());
        let (of, at_first) = (host.clone(), turn.clone());
        let unit =
            tokio::spawn(async move { unit::take_turn(&shared, &of, &at_first.todo, &parts, &stop).await });
        self.units.push(Box::pin(async move { (host, turn, unit.await.ok()) }));
    }

    async fn unit_ended(
        &mut self,
        (host, mut turn, end): (String, Turn, Option<TurnEnd>),
    ) -> Result<(), JobError> {
        let did = turn.todo.did.clone();
        // One that panicked takes nothing with it but its own repository.
        let TurnEnd { ended, position, error } = end.unwrap_or_else(TurnEnd::lost);
        if position.is_some() {
            (turn.todo.position, turn.tries) = (position, 0);
        }
        let error = error.unwrap_or_else(|| "unavailable".to_owned());
        match self.schedule.ended(&host, turn, ended, Instant::now()) {
            Verdict::GoOn => Ok(()),
            Verdict::GiveUpRepo => self.shared.give_up(did, &error).await,
            Verdict::GiveUpHost => {
                warn!(job = self.shared.job.id, host, error, "a host is given up for this job");
                self.schedule.forget(&host);
                self.shared.give_up_host(&host, &error).await
            }
        }
    }

    /// Reports, obeys, and finds out whether everything is done.
    async fn look_around(&mut self) -> Result<Option<Ran>, JobError> {
        for stage in [&mut self.discovery, &mut self.resolution, &mut self.writer] {
            stage.check().await?;
        }
        // These end before us only if they panicked: what they left is found in the tables by the next run.
        if self.resolution.has_ended() || self.writer.has_ended() {
            return Ok(Some(Ran::Interrupted));
        }
        self.shared.lease.renew().await?;
        let stage = if self.discovery.has_ended() { Stage::Fetching } else { Stage::Discovering };
        let status = self.shared.report(stage).await?;
        if status != Status::Running {
            return Ok(Some(Ran::Told(status)));
        }
        let is_idle = self.nothing_left && self.units.is_empty() && self.hosts.is_empty();
        if !self.discovery.has_ended() || !is_idle {
            return Ok(None);
        }
        let counters = self.shared.recount().await?;
        if counters.are_done() {
            return Ok(Some(Ran::Done(counters)));
        }
        for host in self.shared.hosts_to_do().await? {
            self.schedule.look_up(&host);
        }
        Ok(None)
    }
}

/// A task of the job.
struct Part(Option<JoinHandle<Result<(), JobError>>>);

impl Part {
    fn of(task: impl Future<Output = Result<(), JobError>> + Send + 'static) -> Self {
        Self(Some(tokio::spawn(task)))
    }

    /// The error that it has ended with, if it has.
    async fn check(&mut self) -> Result<(), JobError> {
        match self.0.take_if(|task| task.is_finished()) {
            Some(task) => task.await.unwrap_or(Ok(())),
            None => Ok(()),
        }
    }

    fn has_ended(&self) -> bool {
        self.0.is_none()
    }

    async fn end(self) {
        if let Some(task) = self.0 {
            // Its error is not news: the job is stopping already.
            let _ = task.await;
        }
    }
}

async fn sleep_until(wake: Option<Instant>) {
    match wake {
        Some(wake) => tokio::time::sleep_until(wake.into()).await,
        None => std::future::pending().await,
    }
}
