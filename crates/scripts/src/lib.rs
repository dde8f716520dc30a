//! Scripts: what operators decide should happen when something does.
//!
//! A script belongs to a [`Trigger`], and there is one for each at most. [`Scripts`] keeps them, [`Library`] has them compiled in
//! the memory of every process, so that finding out whether there is one costs nothing. [`RecordHook`] runs those of records and
//! [`LabelHook`] those of labels before anything is stored. One that fails holds nobody up: its event is stored as it came and parked, the script is tried
//! again, and after the last try the event becomes a dead letter that an operator can look at.

mod again;
mod bounds;
mod dead_letters;
mod error;
mod event;
mod folder;
mod foregone;
mod groups;
mod import;
mod input;
mod label_hook;
mod label_input;
mod library;
mod parked;
mod problem;
mod record_hook;
mod schema;
mod script;
mod scripts;
mod table;
mod trigger;
mod variables;
mod version;

pub use again::Retried;
pub use dead_letters::{DeadLetter, DeadLetters, Filter};
pub use error::Error;
pub use event::{RecordContext, RecordInput};
pub use folder::Folder;
pub use import::{ImportedDeadLetter, Times};
pub use input::Input;
pub use label_hook::LabelHook;
pub use label_input::LabelInput;
pub use library::Library;
pub use parked::Parked;
pub use problem::FileProblem;
pub use record_hook::RecordHook;
pub use schema::SCHEMA;
pub use script::{NewScript, Script};
pub use scripts::{Description, ScriptChange, Scripts};
pub use table::ScriptTable;
pub use trigger::{On, Trigger, TriggerError, is_job_type};
pub use variables::Variable;
