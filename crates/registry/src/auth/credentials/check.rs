//! Checking a secret of each kind.

use std::net::IpAddr;

use atproto::{AtIdentifier, Did, Handle};
use identity::Verified;

use super::{Credentials, LoginError};
use crate::auth::authorization::Basic;
use crate::auth::{Error, Login, Method};

impl Credentials {
    pub(super) async fn check_device(
        &self,
        basic: &Basic,
        client: Option<IpAddr>,
    ) -> Result<Login, LoginError> {
        if let Some(device) = self.devices.by_secret(&basic.secret).await? {
            let is_named =
                basic.name == device.did.as_str() || basic.name.eq_ignore_ascii_case(&device.handle);
            let is_theirs = is_named
                || self.account(&basic.name).await?.is_some_and(|found| found.identity.did == device.did);
            return if is_theirs { Ok(device.login()) } else { Err(LoginError::Refused) };
        }
        // Only devices of another registry have secrets that can be guessed at and cost something to check.
        let Some(found) = self.account(&basic.name).await? else { return Err(LoginError::Refused) };
        let did = &found.identity.did;
        if !self.devices.has_imported(did).await? {
            return Err(LoginError::Refused);
        }
        let attempt = self.failures.begin(did.as_str(), client).await?;
        let device = self.devices.adopt(did, &basic.secret).await?.ok_or(LoginError::Refused)?;
        attempt.was_no_failure().await?;
        Ok(device.login())
    }

    pub(super) async fn check_password(
        &self,
        basic: &Basic,
        client: Option<IpAddr>,
    ) -> Result<Login, LoginError> {
        if let Some(login) = self.known(basic).await? {
            return Ok(login);
        }
        let _turn = self.remembered.turn(basic).await;
        if let Some(login) = self.known(basic).await? {
            return Ok(login);
        }
        let account = self.account(&basic.name).await;
        let did = account.as_ref().ok().and_then(Option::as_ref).map(|found| found.identity.did.clone());
        let counted = did.as_ref().map_or_else(|| basic.name.to_ascii_lowercase(), Did::to_string);
        let attempt = self.failures.begin(&counted, client).await?;
        let outcome = match self.check_local(basic).await {
            Ok(None) if did.as_ref().is_some_and(|did| self.is_local(did)) => Err(LoginError::Refused),
            Ok(None) => match account {
                Ok(account) => self.check_at_pds(account, &basic.secret).await,
                Err(error) => Err(error),
            },
            Ok(Some(login)) => Ok(login),
            Err(error) => Err(error),
        };
        // Of a password that nobody could check it is not known that it was wrong.
        if !matches!(outcome, Err(LoginError::Refused)) {
            attempt.was_no_failure().await?;
        }
        let login = outcome?;
        self.remembered.keep(basic, &login).await?;
        Ok(login)
    }

    /// Who has shown the same a moment ago.
    async fn known(&self, basic: &Basic) -> Result<Option<Login>, LoginError> {
        let Some(login) = self.remembered.get(basic).await? else { return Ok(None) };
        // What is pushed is written with the session, so one that has gone has to begin again.
        let Some(session) = &login.session else { return Ok(None) };
        let is_good = match (login.method, &self.local) {
            // Another password, or another account of the same name, is another one.
            (Method::Local, Some(local)) => {
                local.version(&login.did).await.map_err(Error::Asked)?.as_ref() == Some(session)
            }
            (Method::Local, None) => false,
            _ => self.passwords.session_of(&login.did, session).await?.is_some(),
        };
        Ok(is_good.then_some(login))
    }

    /// Somebody with an account on this server, and nobody else.
    pub(in crate::auth) async fn check_here(
        &self,
        basic: &Basic,
        client: Option<IpAddr>,
    ) -> Result<Login, LoginError> {
        let attempt = self.failures.begin(&basic.name.to_ascii_lowercase(), client).await?;
        let login = self.check_local(basic).await?.ok_or(LoginError::Refused)?;
        attempt.was_no_failure().await?;
        Ok(login)
    }

    fn is_local(&self, did: &Did) -> bool {
        self.local.as_ref().is_some_and(|local| local.has(did))
    }

    async fn check_local(&self, basic: &Basic) -> Result<Option<Login>, LoginError> {
        let Some(local) = &self.local else { return Ok(None) };
        let found = local.check(&basic.name, &basic.secret).await.map_err(Error::Asked)?;
        Ok(found.map(|(did, version)| Login {
            handle: if basic.name.starts_with("did:") {
                did.to_string()
            } else {
                basic.name.to_ascii_lowercase()
            },
            did,
            method: Method::Local,
            device: None,
            session: Some(version),
        }))
    }

    async fn check_at_pds(&self, account: Option<Verified>, password: &str) -> Result<Login, LoginError> {
        let account = account.ok_or(LoginError::Refused)?;
        let pds = account.identity.pds.as_ref().ok_or(LoginError::Refused)?;
        let did = account.identity.did.clone();
        let id = self.remembered.id(&did, password);
        self.passwords.log_in(&did, pds, password, &id).await?;
        let handle = account.handle.as_ref().map_or_else(|| did.to_string(), Handle::to_string);
        Ok(Login { did, handle, method: Method::AppPassword, device: None, session: Some(id) })
    }

    /// Who has this name: a handle counts if the account claims it, too.
    async fn account(&self, name: &str) -> Result<Option<Verified>, LoginError> {
        let Ok(name) = AtIdentifier::parse(name.trim_start_matches('@')) else { return Ok(None) };
        match self.resolver.verified(&name).await {
            Ok(found) => Ok(Some(found)),
            Err(error) if error.is_transient() => {
                Err(LoginError::Unavailable(format!("cannot find the account: {error}")))
            }
            Err(_) => Ok(None),
        }
    }
}
