//! Looks at everything a server needs and says what to do about what is missing.
//!
//! Each check is a file with a function from the [`Patient`] to [`Finding`]s. They run at the same time, since most of
//! them wait for somebody. None changes what it finds, except that opening a database brings its tables to this version, and that a tiny object is
//! stored in the bucket and removed again.

mod bucket;
mod cache;
mod clock;
mod configuration;
mod data_dir;
mod database;
mod disk;
mod dns;
mod finding;
mod history;
mod index;
mod ingest;
mod labelers;
mod lexicons;
mod master_secret;
mod patient;
mod plc;
mod public_url;
mod relay;
mod scripts;
mod stream;

use std::future::ready;

use futures::future::{BoxFuture, join_all};

use crate::config::{self, Flags, Settings, Values};

pub(crate) use finding::{Finding, Status};
use patient::Patient;

/// One part of the examination.
type Check = fn(&Patient) -> BoxFuture<'_, Vec<Finding>>;

/// What is looked at, in the order of the report.
const CHECKS: [(&str, Check); 19] = [
    ("configuration", |patient| Box::pin(ready(configuration::check(patient)))),
    ("data folder", |patient| Box::pin(ready(data_dir::check(patient)))),
    ("disk", |patient| Box::pin(ready(disk::check(patient)))),
    ("database", |patient| Box::pin(database::check(patient))),
    ("master secret", |patient| Box::pin(master_secret::check(patient))),
    ("public url", |patient| Box::pin(public_url::check(patient))),
    ("cache", |patient| Box::pin(cache::check(patient))),
    ("bucket", |patient| Box::pin(bucket::check(patient))),
    ("dns", |patient| Box::pin(dns::check(patient))),
    ("plc", |patient| Box::pin(plc::check(patient))),
    ("clock", |patient| Box::pin(clock::check(patient))),
    ("jetstream", |patient| Box::pin(stream::check(patient))),
    ("relay", |patient| Box::pin(relay::check(patient))),
    ("lexicons", |patient| Box::pin(lexicons::check(patient))),
    ("scripts", |patient| Box::pin(scripts::check(patient))),
    ("ingest", |patient| Box::pin(ingest::check(patient))),
    ("labelers", |patient| Box::pin(labelers::check(patient))),
    ("history", |patient| Box::pin(history::check(patient))),
    ("index", |patient| Box::pin(index::check(patient))),
];

/// The findings of every check, by its name. With a configuration that cannot be read there is only that to say.
pub(crate) async fn examine(flags: &Flags) -> Vec<(&'static str, Finding)> {
    let read =
        Values::load(flags).and_then(|values| Settings::new(&values).map(|settings| (settings, values)));
    match read {
        Ok((settings, values)) => examine_patient(&Patient::new(settings, values).await).await,
        Err(error) => vec![("configuration", unreadable(&error))],
    }
}

async fn examine_patient(patient: &Patient) -> Vec<(&'static str, Finding)> {
    let checks = CHECKS.iter().map(async |(name, check)| (*name, check(patient).await));
    let found = join_all(checks).await;
    found
        .into_iter()
        .flat_map(|(name, findings)| findings.into_iter().map(move |finding| (name, finding)))
        .collect()
}

fn unreadable(error: &config::Error) -> Finding {
    Finding::fail(error.to_string(), error.help())
}
