//! Who asks (spec/registry.md §4.3).

use accounts::service::{Meant, VerifyError};
use atproto::{Did, Nsid};
use hold::Rights;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use server::Problem;

use crate::refusal::{auth_required, internal, of_hold, unavailable};
use crate::service::{FRAGMENT, Served};

/// Whom a request comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Caller {
    /// Nobody says who they are.
    Nobody,
    /// An account, with a token that its own key signed.
    Account(Did),
    /// A registry that is trusted here, for one of its users or for itself.
    AppView(Option<Did>),
}

impl Caller {
    /// In whose name it is.
    pub(crate) fn subject(&self) -> Option<&Did> {
        match self {
            Self::Nobody => None,
            Self::Account(did) => Some(did),
            Self::AppView(subject) => subject.as_ref(),
        }
    }

    /// The account that asks in person.
    pub(crate) fn in_person(self) -> Result<Did, Problem> {
        match self {
            Self::Account(did) => Ok(did),
            Self::Nobody => Err(auth_required("show a service token of the account")),
            Self::AppView(_) => Err(auth_required("this takes a service token of the account itself")),
        }
    }
}

impl Served {
    /// Who shows this, to call this method. What is shown and cannot be believed is refused, never passed over.
    pub(crate) async fn caller(&self, headers: &HeaderMap, method: &str) -> Result<Caller, Problem> {
        let mut shown = headers.get_all(AUTHORIZATION).iter();
        let token = match (shown.next(), shown.next()) {
            (None, _) => return Ok(Caller::Nobody),
            (Some(shown), None) => shown.to_str().ok().and_then(bearer),
            _ => None,
        };
        let token =
            token.ok_or_else(|| auth_required("show a service token: Authorization: Bearer TOKEN"))?;
        let method = Nsid::parse(method).map_err(internal)?;
        let meant = Meant { audience: self.hold.did(), fragment: FRAGMENT, method: &method };
        let token = match self.tokens.believe(token, meant).await {
            Ok(token) => token,
            Err(VerifyError::Unavailable(cause)) => return Err(unavailable(cause)),
            Err(VerifyError::Refused(refusal)) => return Err(auth_required(refusal.to_string())),
        };
        if !self.trusted_appviews.contains(&token.issuer) {
            return Ok(Caller::Account(token.issuer));
        }
        let subject = token.subject.as_deref().map(Did::parse).transpose();
        let subject = subject.map_err(|_| auth_required("the subject of the token is not a DID"))?;
        Ok(Caller::AppView(subject))
    }

    /// The same, who must be somebody, and what they may do.
    pub(crate) async fn somebody(&self, headers: &HeaderMap, method: &str) -> Result<(Did, Rights), Problem> {
        let caller = self.caller(headers, method).await?;
        let Some(subject) = caller.subject() else {
            return Err(auth_required("this takes a token of an account, or one that says for which it is"));
        };
        let rights = self.hold.rights(Some(subject)).await.map_err(of_hold)?;
        Ok((subject.clone(), rights))
    }
}

pub(crate) fn bearer(shown: &str) -> Option<&str> {
    let (scheme, token) = shown.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim_start())
}
