//! A container registry whose images belong to their authors (spec/registry.md).
//!
//! A repository is named after its owner, an account of the AT Protocol. What somebody pushes becomes records of the owner's own
//! repository there; the layers lie in a [hold](hold).
//!
//! - [`auth`] says who asks, and gives out tokens; `door` is where everything below `/v2/` comes in, and is admitted or not.
//! - `manifests`, `uploads`, `blobs` and `lists` answer it.
//! - `authors` are the repositories of those who push; `lexicon` is what is written there, `index` what follows from it.
//! - `browse` is what people see of it, as data and as pages.
//! - `operator` is what whoever runs the server sees and decides of its hold; `collecting` removes what no image needs.
//! - `destination` says in which hold the layers of a new image go; `holds` are those of others, and how they are asked.
//! - `load` asks whoever's it is for what is not known here.

mod admit;
mod answer;
mod app;
mod asked;
pub mod auth;
mod authors;
mod blobs;
mod browse;
mod collecting;
mod contents;
mod depart;
mod destination;
mod door;
mod history;
mod holds;
pub mod imports;
mod index;
mod lexicon;
mod links;
mod lists;
mod load;
mod local;
mod manifests;
pub mod migrate;
mod operator;
mod owners;
mod paging;
mod parts;
mod place;
mod policy;
mod profile;
mod pulls;
mod refusal;
mod registry;
mod schema;
mod telemetry;
mod time;
mod totals;
mod turns;
mod uploads;
mod write;

pub use app::{RegistryApp, RegistryParts};
pub use collecting::{CollectError, Collection, Collector, Schedule};
pub use depart::depart;
pub use index::projection;
pub use operator::{Crew, CrewError};
pub use owners::{Owners, Repository, UnknownOwner};
pub use registry::Bounds;
pub use schema::{SCHEMAS, schemas};
pub(crate) use time::{moment, now};
