//! Whether the secrets in the database can be opened, and only by us.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use accounts::{Vault, VaultConfig};
use store::Database;

use super::Finding;
use super::patient::{Opened, Patient};
use crate::config::{Origin, Setting, table};

pub(super) async fn check(patient: &Patient) -> Vec<Finding> {
    let state = match &patient.store {
        Opened::Open(store) => Some(&store.state),
        Opened::Missing | Opened::Failed(_) => None,
    };
    let mut findings = vec![secret(&patient.settings.vault(), state).await];
    findings.extend([&table::MASTER_SECRET, &table::TOKEN_ENCRYPTION_KEY].into_iter().filter_map(
        |setting| {
            let path = file_of(patient.values.get(setting).origin)?;
            readable_by_others(&path).then(|| exposed(setting, &path))
        },
    ));
    findings
}

/// A missing one is not made: the server does that, and a doctor changes nothing.
async fn secret(config: &VaultConfig<'_>, state: Option<&Database>) -> Finding {
    if !config.is_secret_there() {
        return missing(config.data_dir, state).await;
    }
    let vault = match Vault::open(config) {
        Ok(vault) => vault,
        Err(error) => {
            return Finding::fail(error.to_string(), "the server does not start before that is done");
        }
    };
    let name = name(config);
    let Some(state) = state else { return Finding::ok(format!("{name} is there")) };
    match vault.fits(state).await {
        Ok(true) => Finding::ok(format!("{name} is that of the database")),
        Ok(false) => Finding::fail(
            format!("{name} is not what the secrets in the database were sealed under"),
            "bring back the master.key of this database, or set MASTER_SECRET or TOKEN_ENCRYPTION_KEY to what it was",
        ),
        Err(error) => Finding::fail(error.to_string(), "see database"),
    }
}

async fn missing(dir: &Path, state: Option<&Database>) -> Finding {
    let needed = match state {
        Some(state) => Vault::is_needed_by(state).await,
        None => Ok(false),
    };
    match needed {
        Ok(false) => {
            Finding::ok(format!("none yet; `belvedere serve` makes master.key in {}", dir.display()))
        }
        Ok(true) => Finding::fail(
            format!("there is no master.key in {}, and the secrets in the database need it", dir.display()),
            "restore it from a backup, or set MASTER_SECRET or TOKEN_ENCRYPTION_KEY to what it was",
        ),
        Err(error) => Finding::fail(error.to_string(), "see database"),
    }
}

/// What seals: the first there is.
fn name(config: &VaultConfig<'_>) -> &'static str {
    if config.master_secret.is_some() {
        table::MASTER_SECRET.variable()
    } else if config.token_encryption_key.is_some() {
        table::TOKEN_ENCRYPTION_KEY.variable()
    } else {
        "master.key"
    }
}

/// The file in which a secret was found.
fn file_of(origin: Origin) -> Option<PathBuf> {
    match origin {
        Origin::File(path) => Some(path),
        Origin::DotEnv(_) => Some(PathBuf::from(".env")),
        Origin::Default | Origin::Variable(_) | Origin::Flag(_) => None,
    }
}

fn readable_by_others(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|file| file.permissions().mode() & 0o077 != 0)
}

fn exposed(setting: &Setting, path: &Path) -> Finding {
    let path = path.display();
    Finding::warn(format!("others may read {path}, which holds {}", setting.key), format!("chmod 600 {path}"))
}
