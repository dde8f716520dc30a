//! The file of secrets: for its owner's eyes only, and replaced as a whole.

use std::collections::BTreeMap;
use std::fs::{self, DirBuilder, File};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::host::Host;
use crate::{Error, Places};

/// Who is logged in where.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Credentials {
    #[serde(default)]
    pub(crate) hosts: BTreeMap<String, Accounts>,
}

/// The accounts at one registry. The first is the active one; there is at least one.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Accounts(pub(crate) Vec<Account>);

/// One account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Account {
    /// The handle, usually.
    pub(crate) username: String,
    /// What never changes about it, if that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) did: Option<String>,
    pub(crate) secret: String,
}

impl Account {
    /// Whether it goes by this name.
    pub(crate) fn is_called(&self, name: &str) -> bool {
        self.username.eq_ignore_ascii_case(name) || self.did.as_deref() == Some(name)
    }

    fn is_same(&self, other: &Self) -> bool {
        self.is_called(&other.username) || (self.did.is_some() && self.did == other.did)
    }
}

impl Credentials {
    /// What is kept; nothing if nothing is.
    pub(crate) fn load(places: &Places) -> Result<Self, Error> {
        let path = path(places);
        match fs::read(&path) {
            Ok(json) => serde_json::from_slice(&json).map_err(|source| Error::Malformed { path, source }),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Self::default()),
            Err(source) => Err(Error::File { path, source }),
        }
    }

    /// Changes what is kept. Of two programs that do so at once, one waits.
    pub(crate) fn change<T>(
        places: &Places,
        change: impl FnOnce(&mut Self) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let folder = &places.config;
        DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(Error::file(folder))?;
        let lock = folder.join("credentials.lock");
        let held = File::create(&lock).map_err(Error::file(&lock))?;
        held.lock().map_err(Error::file(&lock))?;
        let mut credentials = Self::load(places)?;
        let outcome = change(&mut credentials)?;
        credentials.hosts.retain(|_, accounts| !accounts.0.is_empty());
        credentials.save(places)?;
        Ok(outcome)
    }

    fn save(&self, places: &Places) -> Result<(), Error> {
        let path = path(places);
        let json = serde_json::to_vec_pretty(self);
        let json = json.map_err(|source| Error::Malformed { path: path.clone(), source })?;
        // Made with mode 0600, in the same folder, so that it takes the other's place at once and whole.
        let mut file = tempfile::NamedTempFile::new_in(&places.config).map_err(Error::file(&path))?;
        file.write_all(&json).and_then(|()| file.as_file().sync_all()).map_err(Error::file(&path))?;
        file.persist(&path).map_err(|error| Error::File { path, source: error.error })?;
        Ok(())
    }

    /// Keeps an account, in place of the same one, and makes it the active one.
    pub(crate) fn keep(&mut self, host: &Host, account: Account) {
        let accounts = &mut self.hosts.entry(host.to_string()).or_default().0;
        accounts.retain(|kept| !kept.is_same(&account));
        accounts.insert(0, account);
    }

    pub(crate) fn at(&self, host: &Host) -> &[Account] {
        self.hosts.get(host.as_str()).map_or(&[], |accounts| &accounts.0)
    }
}

fn path(places: &Places) -> PathBuf {
    places.config.join("credentials.json")
}
