//! The event log: what happened on this server, who did it, and to what (spec/appview.md §8.2).
//!
//! Operators read it to learn why something is as it is. An action must never wait for its entry or fail because of it,
//! so [`EventLog::record`] only puts the event into a bounded queue. One [`Writer`] takes what is waiting into the
//! database in one transaction, waits out a database that does not answer, and forgets entries whose time is over. When
//! the queue is full an event is dropped and counted: the log may have holes, the server may not.
//!
//! ```
//! # async fn example(state: &store::Database) -> Result<(), events::Error> {
//! use events::{Event, EventLog, Query, kinds};
//!
//! let (log, writer) = EventLog::open(state, events::retention(30));
//! tokio::spawn(writer.run(tokio_util::sync::CancellationToken::new()));
//! log.record(
//!     Event::new(kinds::DOMAIN_CREATED)
//!         .actor("did:plc:ewvi7nxzyoun6zhxrhs64oiz")
//!         .subject("https://app.example.com")
//!         .detail(serde_json::json!({ "url": "https://app.example.com" })),
//! );
//! let page = log.query(Query { limit: 20, ..Query::default() }).await?;
//! # Ok(()) }
//! ```

mod error;
mod event;
mod filter;
mod kind;
pub mod kinds;
mod log;
mod position;
mod prune;
mod query;
mod schema;
mod severity;
mod stored;
mod telemetry;
mod writer;

pub use error::Error;
pub use event::Event;
pub use filter::Filter;
pub use kind::Kind;
pub use log::EventLog;
pub use position::Position;
pub use prune::retention;
pub use query::{Page, Query};
pub use schema::SCHEMA;
pub use severity::Severity;
pub use stored::StoredEvent;
pub use writer::Writer;
