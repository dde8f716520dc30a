//! Background jobs: work that outlives the request that asked for it (spec/appview.md §5.11).
//!
//! A job is a row. Whoever makes one, stops one or looks at one does so through [`Jobs`], in a transaction of the durable
//! database, and so a job that exists is run whatever dies. A [`Worker`] takes up what waits and hands it to a
//! [`Runner`], which knows what a type of job means; a [`Control`] is how the two speak meanwhile. Several instances share
//! the work: a row that runs is leased, and a worker that gives no sign of life loses it to another, on which the job
//! begins again.
//!
//! ```
//! # async fn example(store: &store::Store, events: events::EventLog, me: atproto::Did) -> Result<(), jobs::JobError> {
//! use std::sync::Arc;
//!
//! use futures::future::{BoxFuture, FutureExt};
//! use jobs::{Control, Job, Jobs, NewJob, RunError, Runner, WorkerConfig};
//! use tokio_util::sync::CancellationToken;
//!
//! struct Echo;
//!
//! impl Runner for Echo {
//!     fn run<'a>(&'a self, job: &'a Job, _: &'a Arc<Control>) -> BoxFuture<'a, Result<Option<String>, RunError>> {
//!         async { Ok(Some(job.input.clone())) }.boxed()
//!     }
//! }
//!
//! let jobs = Jobs::open(store, events);
//! let worker = jobs.worker(Arc::new(Echo), WorkerConfig::new("one".to_owned()));
//! tokio::spawn(worker.run(CancellationToken::new()));
//! let job = jobs.create(NewJob::new("echo".parse()?, "[1, 2]".to_owned(), me)).await?;
//! jobs.cancel(&job.id).await?;
//! # Ok(()) }
//! ```

mod attend;
mod bounds;
mod command;
mod config;
mod control;
mod create;
mod error;
mod job;
mod job_type;
mod jobs;
mod lease;
mod list;
mod log;
mod prune;
mod runner;
mod schema;
mod settle;
mod status;
mod telemetry;
mod transition;
mod worker;

pub use config::{Tuning, WorkerConfig};
pub use control::Control;
pub use create::NewJob;
pub use error::JobError;
pub use job::Job;
pub use job_type::JobType;
pub use jobs::Jobs;
pub use list::{Page, Query};
pub use log::LogLine;
pub use runner::{RunError, Runner};
pub use schema::SCHEMA;
pub use status::Status;
pub use worker::Worker;
