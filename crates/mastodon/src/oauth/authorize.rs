//! `/oauth/authorize`: somebody is asked, signs in and answers.
//!
//! Nobody is signed in before, so there is nothing that another page could use: name and password are in the form itself. That the
//! form is answered in the browser that was shown it is what the cookie proves.

use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use clock::now_micros;
use http::header::{CACHE_CONTROL, COOKIE, LOCATION, ORIGIN, SET_COOKIE};
use http::{HeaderMap, HeaderValue, StatusCode};
use server::{ClientAddress, Problem};
use url::Url;

use super::code::Consent;
use super::page;
use super::request::{Request, Wrong};
use super::scope::Scopes;
use super::{secret, sign_in};
use crate::fields::Fields;
use crate::refusal::Refusal;
use crate::services::Services;

const COOKIE_NAME: &str = "belvedere_consent";

/// `GET`: asks.
pub(super) async fn ask(
    State(services): State<Services>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let asked = Fields::of_form(query.unwrap_or_default().as_bytes());
    let request = match Request::read(services.state(), &asked).await {
        Ok(request) => request,
        Err(Wrong::Stranger(why)) => return Ok(page::stop(StatusCode::BAD_REQUEST, why)),
        Err(Wrong::Client(request, _, why)) if request.is_out_of_band() => {
            return Ok(page::stop(StatusCode::BAD_REQUEST, why));
        }
        Err(Wrong::Client(request, error, why)) => {
            return back(&request, &[("error", error), ("error_description", why)]);
        }
        Err(Wrong::Failed(error)) => return Err(error.into()),
    };
    let browser = cookie(&headers).unwrap_or_else(secret::random);
    let request = Request { browser: secret::hash(&browser), ..request };
    let ticket = request.keep(&services.cache).await?;
    let mut response = page::question(StatusCode::OK, services.base(), &request, &ticket, None);
    let secure = if services.base().starts_with("https:") { "; Secure" } else { "" };
    let cookie = format!("{COOKIE_NAME}={browser}; Path={}; HttpOnly; SameSite=Lax{secure}", path(&services));
    let cookie = HeaderValue::try_from(cookie).map_err(Problem::internal)?;
    response.headers_mut().append(SET_COOKIE, cookie);
    Ok(response)
}

/// `POST`: signs in and answers.
pub(super) async fn answer(
    State(services): State<Services>,
    client: Option<Extension<ClientAddress>>,
    headers: HeaderMap,
    form: Fields,
) -> Result<Response, Problem> {
    if !is_from_here(&headers, &services) {
        return Ok(page::stop(StatusCode::FORBIDDEN, "The answer came from a page of another server."));
    }
    let ticket = form.filled("ticket").unwrap_or_default();
    let browser = cookie(&headers).unwrap_or_default();
    let Some(request) = Request::find(&services.cache, ticket, &browser).await? else {
        let why = "The question is too old, was answered, or was shown to another browser.";
        return Ok(page::stop(StatusCode::BAD_REQUEST, why));
    };
    if form.filled("answer") != Some("allow") {
        Request::answered(&services.cache, ticket).await?;
        return refused(&request);
    }
    let (name, password) = (form.text("name").unwrap_or_default(), form.text("password").unwrap_or_default());
    let client = client.map(|Extension(ClientAddress(address))| address);
    let user = match sign_in::check(&services, name, password, client).await {
        Ok(user) => user,
        Err(problem) if problem.is_our_fault() => return Err(problem),
        Err(problem) => {
            let (status, why) = (problem.status, &*problem.message);
            return Ok(page::question(status, services.base(), &request, ticket, Some(why)));
        }
    };
    if !Request::answered(&services.cache, ticket).await? {
        return Ok(page::stop(StatusCode::BAD_REQUEST, "The question was answered already."));
    }
    let consent = Consent {
        app: request.app(),
        user,
        scopes: Scopes::parse(&request.scopes).unwrap_or_else(Scopes::standard),
        redirect_uri: request.redirect_uri.clone(),
        challenge: request.challenge.clone(),
    };
    let code =
        services.state().write(move |conn| consent.write(conn, now_micros())).await.map_err(Refusal::from)?;
    if request.is_out_of_band() {
        return Ok(page::code(&code));
    }
    back(&request, &[("code", &code)])
}

fn refused(request: &Request) -> Result<Response, Problem> {
    if request.is_out_of_band() {
        return Ok(page::stop(StatusCode::OK, "The app was not let in."));
    }
    back(request, &[("error", "access_denied"), ("error_description", "The app was not let in.")])
}

/// To the client, with this in its address.
fn back(request: &Request, said: &[(&str, &str)]) -> Result<Response, Problem> {
    let mut url = Url::parse(&request.redirect_uri).map_err(Problem::internal)?;
    url.query_pairs_mut()
        .extend_pairs(said)
        .extend_pairs(request.state.as_ref().map(|state| ("state", state)));
    let location = HeaderValue::try_from(String::from(url)).map_err(Problem::internal)?;
    let no_store = HeaderValue::from_static("no-store");
    Ok((StatusCode::SEE_OTHER, [(LOCATION, location), (CACHE_CONTROL, no_store)]).into_response())
}

fn cookie(headers: &HeaderMap) -> Option<String> {
    let mut cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let found = cookies.find_map(|line| {
        line.split(';').find_map(|pair| pair.trim().strip_prefix(COOKIE_NAME)?.strip_prefix('='))
    })?;
    (found.len() == 43).then(|| found.to_owned())
}

fn path(services: &Services) -> String {
    let base = Url::parse(services.base()).map(|url| url.path().trim_end_matches('/').to_owned());
    format!("{}/oauth/authorize", base.unwrap_or_default())
}

/// Browsers say which page a form is of; what says nothing is no browser, or an old one, which the cookie is for.
fn is_from_here(headers: &HeaderMap, services: &Services) -> bool {
    let is_near = |value: &HeaderValue| value == "same-origin" || value == "none";
    if let Some(site) = headers.get("sec-fetch-site") {
        return is_near(site);
    }
    let ours = Url::parse(services.base()).map(|url| url.origin().ascii_serialization());
    headers.get(ORIGIN).is_none_or(|origin| ours.is_ok_and(|ours| *origin == *ours))
}
