//! Signing in on the pages of another app of this server.

use http::{HeaderMap, HeaderValue};
use server::{Problem, Target};

use super::{SignIn, begin::SignInRequest};

/// Where a browser goes to sign in.
#[derive(Clone, Debug)]
pub struct Departure {
    /// A page of somebody's authorization server.
    pub location: String,
    /// What the browser has to bring along when it comes back, for `Set-Cookie`.
    pub set_cookie: Option<HeaderValue>,
}

impl SignIn {
    /// Sends whoever has this handle or DID to their authorization server, and from there back to `destination`, a path of this
    /// server with what is in front of all others.
    ///
    /// Unlike on the dashboard, they need not be users: the app serves whoever has an account anywhere. They get a session
    /// that shows who they are, and no permission with it.
    pub async fn depart(
        &self,
        target: &Target,
        headers: &HeaderMap,
        handle: &str,
        scope: &str,
        destination: &str,
    ) -> Result<Departure, Problem> {
        let client = self.client(target.host())?;
        let request = SignInRequest {
            handle: handle.to_owned(),
            redirect_uri: Some(destination.to_owned()),
            scope: Some(scope.to_owned()),
            client_id: None,
        };
        let begun = self.begin(&client, target.host(), &request, headers, true).await?;
        Ok(Departure { location: begun.url, set_cookie: begun.set_cookie })
    }
}
