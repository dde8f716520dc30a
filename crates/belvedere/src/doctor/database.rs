//! Whether the databases open, have the tables of this version and take writes.

use store::{Error, Store, Tier};

use super::Finding;
use super::patient::{Opened, Patient};

/// Opening has migrated the databases and compared their tables with those declared; this writes a few rows anew as they
/// are.
const WRITE: &str = "UPDATE schema_migrations SET name = name";

pub(super) async fn check(patient: &Patient) -> Vec<Finding> {
    let place = patient.settings.database.location.display();
    match &patient.store {
        Opened::Open(store) => written(store, &place).await,
        Opened::Missing => {
            vec![Finding::warn(format!("there is none at {place} yet"), "`belvedere serve` makes it")]
        }
        Opened::Failed(error) => vec![Finding::fail(
            format!("{place}: {error}"),
            "check database_url and that the database server runs; for files, who owns them",
        )],
    }
}

async fn written(store: &Store, place: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for tier in Tier::ALL {
        let name = tier.name();
        let outcome = store.tier(tier).write(|conn| conn.execute(WRITE, &[])).await;
        findings.push(match outcome {
            Ok(_) => {
                Finding::ok(format!("{name} at {place} has the tables of this version and takes writes"))
            }
            Err(error) => {
                Finding::fail(format!("{name} at {place} takes no writes: {error}"), advice(&error))
            }
        });
    }
    findings
}

fn advice(error: &Error) -> &'static str {
    if error.is_transient() {
        "free space on the disk, or wait until whoever holds the database lets go, and look again"
    } else {
        "check who may write to the database"
    }
}
