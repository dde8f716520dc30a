//! The beginning of a sign-in.

use atproto::{AtIdentifier, Did, jose::PrivateJwk, oauth::pkce};
use http::{HeaderMap, HeaderValue};
use serde::Deserialize;
use url::Url;
use utoipa::IntoParams;

use super::{
    SignIn,
    destination::destination,
    pending::{Pending, random, random_text},
    ticket::Ticket,
};
use crate::pds::{PdsError, oauth_client::OAuthClient};

const MAX_SCOPE_BYTES: usize = 4096;

/// Who wants to sign in, how, and what for.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
pub(in crate::pds) struct SignInRequest {
    /// A handle or a DID.
    pub(in crate::pds) handle: String,
    /// Where to go afterwards.
    pub(in crate::pds) redirect_uri: Option<String>,
    /// The scopes to ask for; `atproto` if absent.
    pub(in crate::pds) scope: Option<String>,
    /// The OAuth client id of the app through which they sign in.
    pub(in crate::pds) client_id: Option<String>,
}

/// A sign-in that has begun.
#[derive(Clone, Debug)]
pub(in crate::pds) struct BegunSignIn {
    /// Where to send the browser.
    pub(in crate::pds) url: String,
    /// What the browser must bring along when it comes back, for `Set-Cookie`.
    pub(in crate::pds) set_cookie: Option<HeaderValue>,
}

impl SignIn {
    /// Lodges a request with the authorization server of an account. A guest need not be a user.
    pub(in crate::pds) async fn begin(
        &self,
        client: &OAuthClient,
        host: Option<&str>,
        request: &SignInRequest,
        headers: &HeaderMap,
        is_guest: bool,
    ) -> Result<BegunSignIn, PdsError> {
        let scope = scope(request.scope.as_deref())?;
        let app = match &request.client_id {
            Some(client_id) => self.app(client_id).await?,
            None => None,
        };
        let destination =
            destination(request.redirect_uri.as_deref(), &client.base, &self.parts.domains, app.as_ref())?;
        let client_id = client.client_id(&scope)?;
        let account = self.account(&request.handle).await?;
        let authorities = &self.parts.sessions.shared.authorities;
        let server = authorities.of_pds(&account.pds).await?;
        let (key, state, verifier) = (PrivateJwk::generate(), random_text()?, pkce::verifier(&random()?));
        let ticket = if client.is_at(host) { Some(Ticket::of(headers)?) } else { None };
        let redirect_uri = client.redirect_uri();
        let lodged = authorities
            .push(
                &server,
                &key,
                &[
                    ("client_id", &client_id),
                    ("response_type", "code"),
                    ("redirect_uri", &redirect_uri),
                    ("scope", &scope),
                    ("state", &state),
                    ("code_challenge", &pkce::challenge(&verifier)),
                    ("code_challenge_method", "S256"),
                    ("login_hint", account.name.as_str()),
                ],
            )
            .await?;
        let mut url = Url::parse(&server.authorization_endpoint)
            .map_err(|_| PdsError::misbehaved(&server.issuer, "its authorization endpoint is not a URL"))?;
        url.query_pairs_mut()
            .append_pair("client_id", &client_id)
            .append_pair("request_uri", &lodged.request_uri);
        let pending = Pending {
            did: account.did,
            pds: account.pds.origin().ascii_serialization(),
            issuer: server.issuer,
            client_id,
            redirect_uri,
            verifier,
            key: key.secret().to_scalar(),
            base: client.base.clone(),
            destination,
            client_key: app.map(|app| app.client_key),
            ticket: ticket.as_ref().map(Ticket::hash),
            is_guest,
        };
        self.remember(&state, &pending).await?;
        let secure = client.base.starts_with("https:");
        let set_cookie = ticket.map(|ticket| ticket.set_cookie(&self.parts.base_path, secure)).transpose()?;
        Ok(BegunSignIn { url: url.into(), set_cookie })
    }

    async fn account(&self, handle: &str) -> Result<Account, PdsError> {
        let name = AtIdentifier::parse(handle.trim().trim_start_matches('@'))
            .map_err(|error| PdsError::bad_request(error.to_string()))?;
        let resolver = &self.parts.sessions.shared.resolver;
        let did = match &name {
            AtIdentifier::Did(did) => did.clone(),
            AtIdentifier::Handle(handle) => resolver.resolve_handle(handle).await?,
        };
        let identity = resolver.resolve_did(&did).await?;
        let pds = identity.pds.clone().ok_or_else(|| PdsError::NoPds(did.clone()))?;
        Ok(Account { name, did, pds })
    }
}

/// Who wants to sign in. That they are at home there is known from the DID document; that it is really them, the
/// authorization server will say.
struct Account {
    name: AtIdentifier,
    did: Did,
    pds: Url,
}

fn scope(asked: Option<&str>) -> Result<String, PdsError> {
    let scopes: Vec<&str> = asked.unwrap_or("atproto").split_ascii_whitespace().collect();
    let scope = scopes.join(" ");
    let is_plain = scope.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic());
    if is_plain && scope.len() <= MAX_SCOPE_BYTES && scopes.contains(&"atproto") {
        return Ok(scope);
    }
    Err(PdsError::bad_request("`scope` must be scopes separated by spaces, `atproto` among them"))
}
