//! `POST /oauth/token`: a code, or a client's own secret, for a token.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use clock::now_micros;
use data_encoding::BASE64;
use http::header::{AUTHORIZATION, CACHE_CONTROL};
use http::{HeaderMap, HeaderValue};
use percent_encoding::percent_decode_str;
use serde::Serialize;
use server::{Json, Problem};
use store::Conn;

use super::client::Client;
use super::code::{BAD_GRANT, Consent};
use super::scope::Scopes;
use super::{secret, token};
use crate::fields::Fields;
use crate::refusal::Refusal;
use crate::services::Services;

#[derive(Serialize)]
struct Issued {
    access_token: String,
    token_type: &'static str,
    scope: String,
    created_at: i64,
}

pub(super) async fn exchange(
    State(services): State<Services>,
    headers: HeaderMap,
    form: Fields,
) -> Result<Response, Problem> {
    let (client_id, client_secret) = credentials(&headers, &form)?;
    let grant = form.required("grant_type")?.to_owned();
    let now = now_micros();
    let issue = move |conn: &mut Conn<'_>| {
        let client = authenticate(conn, &client_id, &client_secret)?;
        match grant.as_str() {
            "authorization_code" => of_code(conn, &client, &form, now),
            "client_credentials" => of_client(conn, &client, &form, now).map(Ok),
            "password" => {
                Err(Refusal::OAuth("unauthorized_client", "No password is given to an app on this server."))
            }
            _ => Err(Refusal::OAuth(
                "unsupported_grant_type",
                "grant_type must be authorization_code or client_credentials",
            )),
        }
    };
    // A code that was shown wrongly is gone, too: the transaction that finds it wrong is not undone.
    let (access_token, scopes) = services.state().write(issue).await??;
    let created_at = now / 1_000_000;
    let issued = Issued { access_token, token_type: "Bearer", scope: scopes.to_string(), created_at };
    Ok(([(CACHE_CONTROL, HeaderValue::from_static("no-store"))], Json(issued)).into_response())
}

type Made = (String, Scopes);

fn of_code(
    conn: &mut Conn<'_>,
    client: &Client,
    form: &Fields,
    now: i64,
) -> Result<Result<Made, Refusal>, Refusal> {
    let code = form.filled("code").ok_or(Refusal::OAuth("invalid_request", "`code` is missing"))?;
    let Some(consent) = Consent::take(conn, code, now)? else { return Ok(Err(BAD_GRANT)) };
    if let Err(refusal) = consent.is_for(client.id, form.filled("redirect_uri"), form.filled("code_verifier"))
    {
        return Ok(Err(refusal));
    }
    let token = token::issue(conn, client.id, Some(consent.user), &consent.scopes, now)?;
    Ok(Ok((token, consent.scopes)))
}

fn of_client(conn: &mut Conn<'_>, client: &Client, form: &Fields, now: i64) -> Result<Made, Refusal> {
    let scopes = Scopes::parse(form.text("scope").unwrap_or_default());
    let scopes = scopes.filter(|scopes| client.scopes.cover_all(scopes));
    let scopes = scopes.ok_or(Refusal::OAuth("invalid_scope", "the app has not registered these scopes"))?;
    Ok((token::issue(conn, client.id, None, &scopes, now)?, scopes))
}

/// The client whose secret this is.
pub(super) fn authenticate(
    conn: &mut Conn<'_>,
    client_id: &str,
    client_secret: &str,
) -> Result<Client, Refusal> {
    let client = Client::find(conn, client_id)?;
    let client = client.filter(|client| secret::is(client_secret, &client.secret_hash));
    client.ok_or(Refusal::OAuth("invalid_client", "client_id or client_secret is wrong"))
}

/// Id and secret of the client, from the body or the header (RFC 6749 §2.3.1).
pub(super) fn credentials(headers: &HeaderMap, form: &Fields) -> Result<(String, String), Problem> {
    if let Some(client_id) = form.filled("client_id") {
        return Ok((client_id.to_owned(), form.text("client_secret").unwrap_or_default().to_owned()));
    }
    let header = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Basic "));
    let decoded =
        header.and_then(|basic| String::from_utf8(BASE64.decode(basic.trim().as_bytes()).ok()?).ok());
    let wrong = || Refusal::OAuth("invalid_client", "client_id and client_secret are missing");
    let (id, secret) = decoded.as_deref().and_then(|pair| pair.split_once(':')).ok_or_else(wrong)?;
    let plain = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    Ok((plain(id), plain(secret)))
}
