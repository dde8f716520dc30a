//! Who may see and end sessions.

use atproto::Did;
use http::{header::AUTHORIZATION, request::Parts};

use crate::clients::{
    ClientError, ClientType, Clients,
    find::UsableClient,
    headers::{DPOP, X_CLIENT_SECRET, single},
    proof::ProvenSession,
};

/// What the caller of a session route may reach.
pub(in crate::clients) enum SessionAccess {
    /// Every session of the client with the account: a confidential client that showed its secret.
    AllDevices(UsableClient),
    /// The account that this session belongs to; by itself only this one.
    OwnDevice(ProvenSession),
}

impl Clients {
    /// Checks that the caller may deal with the sessions of `did`.
    pub(in crate::clients) async fn session_access(
        &self,
        parts: &Parts,
        did: &Did,
    ) -> Result<SessionAccess, ClientError> {
        let client = self.named(&parts.headers).await?;
        if single(&parts.headers, &X_CLIENT_SECRET)?.is_some() {
            client.prove(&parts.headers)?;
            return Ok(SessionAccess::AllDevices(client));
        }
        let session = self.prove(parts, access_token(parts, client.client_type)?).await?;
        if *session.did != *did.as_str() {
            return Err(ClientError::Forbidden("this key belongs to a session of another account"));
        }
        Ok(SessionAccess::OwnDevice(session))
    }
}

impl SessionAccess {
    /// The client that is calling.
    pub(in crate::clients) fn client(&self) -> &UsableClient {
        match self {
            Self::AllDevices(client) => client,
            Self::OwnDevice(session) => &session.client,
        }
    }
}

/// The token that the proof goes with. A confidential client need not bring one: it may sign as its devices do, or else
/// show its secret.
fn access_token(parts: &Parts, client_type: ClientType) -> Result<&str, ClientError> {
    let token = single(&parts.headers, &AUTHORIZATION)?
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("dpop"))
        .map(|(_, token)| token.trim_matches(' '));
    match (token, client_type) {
        (Some(token), _) if single(&parts.headers, &DPOP)?.is_some() => Ok(token),
        (_, ClientType::Confidential) => {
            Err(ClientError::unauthenticated("non-public clients must provide X-Client-Secret"))
        }
        (None, ClientType::Public) => {
            Err(ClientError::unauthenticated("public clients must provide Authorization: DPoP <token>"))
        }
        (Some(_), ClientType::Public) => {
            Err(ClientError::unauthenticated("public clients must provide DPoP proof header"))
        }
    }
}
