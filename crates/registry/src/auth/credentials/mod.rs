//! A name and a secret: whose are they? (spec/registry.md §2.3)
//!
//! There are three kinds of secret: of a device, of an account on this server, and of an account at some PDS. The first says
//! so itself. A password is asked about here before it is sent anywhere.

mod check;
mod error;
mod failures;
mod remembered;

use std::net::IpAddr;
use std::sync::Arc;

use cache::Cache;
use identity::Resolver;

pub use error::LoginError;
use failures::Failures;
use remembered::Remembered;

use super::authorization::Basic;
use super::devices::Devices;
use super::{LocalAccounts, Login, PdsPasswords};

/// Checks names and secrets.
pub(super) struct Credentials {
    pub(super) devices: Devices,
    pub(super) passwords: PdsPasswords,
    pub(super) local: Option<Arc<dyn LocalAccounts>>,
    pub(super) resolver: Resolver,
    failures: Failures,
    remembered: Remembered,
}

/// What credentials are checked with.
pub(super) struct CredentialsParts {
    pub(super) devices: Devices,
    pub(super) passwords: PdsPasswords,
    pub(super) local: Option<Arc<dyn LocalAccounts>>,
    pub(super) resolver: Resolver,
    pub(super) cache: Cache,
    /// For hashes of secrets.
    pub(super) key: aws_lc_rs::hmac::Key,
}

impl Credentials {
    pub(super) fn new(parts: CredentialsParts) -> Self {
        let CredentialsParts { devices, passwords, local, resolver, cache, key } = parts;
        let remembered = Remembered::new(cache.clone(), key);
        Self { devices, passwords, local, resolver, failures: Failures { cache }, remembered }
    }

    /// Who has shown this, from this address if that is known.
    pub(super) async fn check(&self, basic: &Basic, client: Option<IpAddr>) -> Result<Login, LoginError> {
        if basic.name.is_empty() || basic.secret.is_empty() {
            return Err(LoginError::Refused);
        }
        if Devices::is_secret(&basic.secret) {
            return self.check_device(basic, client).await;
        }
        self.check_password(basic, client).await
    }
}
