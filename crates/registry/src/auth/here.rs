//! What people who are signed in, or are about to be, ask of it.

use std::net::IpAddr;

use accounts::pds::Departure;
use atproto::Did;
use http::HeaderMap;
use server::{Problem, Target};

use super::authorization::Basic;
use super::{Auth, DeviceView, Login, LoginError};

impl Auth {
    /// Somebody with an account on this server, by its name and password. Failures are counted.
    pub(crate) async fn at_home(
        &self,
        name: &str,
        password: &str,
        client: Option<IpAddr>,
    ) -> Result<Login, LoginError> {
        let basic = Basic::new(name, password).ok_or(LoginError::Refused)?;
        self.credentials().check_here(&basic, client).await
    }

    /// Sends somebody to their PDS to sign in, and from there back to `destination`.
    pub(crate) async fn depart(
        &self,
        target: &Target,
        headers: &HeaderMap,
        handle: &str,
        scope: &str,
        destination: &str,
    ) -> Result<Departure, Problem> {
        let nobody = || Problem::not_found("nobody signs in here with an account of elsewhere");
        self.sign_in().ok_or_else(nobody)?.depart(target, headers, handle, scope, destination).await
    }

    /// What somebody has let in.
    pub(crate) async fn devices_of(&self, owner: &Did) -> Result<Vec<DeviceView>, Problem> {
        Ok(self.credentials().devices.list(owner).await?)
    }
}
