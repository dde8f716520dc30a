//! Who sends a request to `/v2/`, and what they may do.

use std::net::IpAddr;
use std::sync::Arc;

use atproto::Did;
use http::HeaderMap;
use oci::{Actions, TokenProblem};

use super::authorization::Authorization;
use super::{Auth, Error, Login, LoginError, Method, Token};
use crate::Repository;

/// What a request shows.
#[derive(Clone, Debug)]
pub enum Presented {
    /// Nothing.
    Nobody,
    /// A token: what may be done is in it.
    Token(Arc<Token>),
    /// A name and a secret, which are good: what may be done is asked each time.
    Login(Arc<Login>),
    /// Something that is good for nothing.
    Refused(TokenProblem),
}

impl Presented {
    /// Who it is, if it is somebody.
    #[must_use]
    pub fn subject(&self) -> Option<&Did> {
        match self {
            Self::Token(token) => token.subject.as_ref(),
            Self::Login(login) => Some(&login.did),
            Self::Nobody | Self::Refused(_) => None,
        }
    }

    /// Whether it comes from an app password: showing that again begins another session.
    pub(crate) fn is_by_password(&self) -> bool {
        match self {
            Self::Token(token) => token.method == Method::AppPassword,
            Self::Login(login) => login.method == Method::AppPassword,
            Self::Nobody | Self::Refused(_) => false,
        }
    }
}

impl Auth {
    /// What a request shows. A token is verified without asking anybody; a name and a secret (spec/registry.md §2.3) are
    /// checked each time. An error if that cannot be done now.
    pub async fn presented(
        &self,
        headers: &HeaderMap,
        client: Option<IpAddr>,
    ) -> Result<Presented, LoginError> {
        match Authorization::of(headers) {
            Authorization::Nothing => Ok(Presented::Nobody),
            Authorization::Unknown => Ok(Presented::Refused(TokenProblem::Invalid)),
            Authorization::Bearer(token) => {
                Ok(self.tokens().verify(token).map_or_else(Presented::Refused, Presented::Token))
            }
            Authorization::Basic(basic) => match self.credentials().check(&basic, client).await {
                Ok(login) => Ok(Presented::Login(Arc::new(login))),
                Err(LoginError::Refused) => Ok(Presented::Refused(TokenProblem::Invalid)),
                Err(error) => Err(error),
            },
        }
    }

    /// What whoever has shown this may do with a repository.
    pub async fn allowed(&self, presented: &Presented, repository: &Repository) -> Result<Actions, Error> {
        match presented {
            Presented::Token(token) => Ok(token.actions(repository)),
            Presented::Login(login) => self.may(Some(&login.did), repository).await,
            Presented::Nobody => self.may(None, repository).await,
            Presented::Refused(_) => Ok(Actions::NONE),
        }
    }
}
