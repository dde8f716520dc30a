//! A token for a client (spec/registry.md §2.1).

use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, PRAGMA};
use oci::Scope;
use serde::Serialize;
use server::{Json, Problem};

use super::super::grant::MAX_SCOPES;
use super::super::moment::rfc3339;
use super::super::tokens::now_seconds;
use super::super::{Auth, Login};

#[derive(Serialize)]
#[expect(clippy::struct_field_names, reason = "the names are the protocol's")]
struct Issued {
    token: String,
    /// The same, for clients that know OAuth.
    access_token: String,
    /// What it is good for.
    scope: String,
    /// In seconds.
    expires_in: i64,
    issued_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
}

impl Auth {
    /// Issues a token for somebody, or for anybody: what is granted of the scopes in these parameters.
    pub(super) async fn issue<'s>(
        &self,
        login: Option<&Login>,
        parameters: impl Iterator<Item = &'s str>,
        wants_refresh_token: bool,
    ) -> Result<Response, Problem> {
        let mut scopes = Vec::new();
        for parameter in parameters {
            scopes.extend(Scope::parse_all(parameter).map_err(invalid)?);
            if scopes.len() > MAX_SCOPES {
                return Err(invalid(oci::ScopeError::TooMany));
            }
        }
        let grants = self.grants(login.map(|login| &login.did), &scopes).await?;
        let now = now_seconds();
        let token = self.tokens().mint(login, &grants, now)?;
        let refresh_token = match login.filter(|_| wants_refresh_token) {
            Some(login) => self.tokens().refresh_token(login)?,
            None => None,
        };
        let issued = Issued {
            access_token: token.clone(),
            token,
            scope: grants.to_string(),
            expires_in: self.tokens().life(),
            issued_at: rfc3339(now),
            refresh_token,
        };
        Ok(([(CACHE_CONTROL, "no-store"), (PRAGMA, "no-cache")], Json(issued)).into_response())
    }
}

fn invalid(error: oci::ScopeError) -> Problem {
    Problem::bad_request(error.to_string()).named("invalid_scope")
}
