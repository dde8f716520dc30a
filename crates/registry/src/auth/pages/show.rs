//! `GET /device`: which device asks, and whether it may.

use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use pages::{Alarm, Page, Text};
use server::{Caller, ClientAddress, Problem};

use super::super::flow::Unknown;
use super::super::routes::Fields;
use super::super::{Auth, Error};
use super::trouble::Trouble;
use super::visitor;

pub(super) async fn show(
    State(auth): State<Auth>,
    RawQuery(query): RawQuery,
    caller: Option<Caller>,
    client: Option<Extension<ClientAddress>>,
) -> Result<Response, Problem> {
    let query = Fields::of_form(query.unwrap_or_default().as_bytes());
    let visitor = visitor(caller.as_ref());
    let Some(text) = query.get("user_code") else { return Ok(ask_for_code(&auth, StatusCode::OK, None)) };
    match auth.flow().find(text, &guesser(visitor, client.as_ref())).await {
        Ok((code, pending)) => {
            let did = visitor.map(|(did, _)| did);
            let problem = query.get("problem").and_then(Trouble::named).map(Trouble::text);
            Ok(auth.question(StatusCode::OK, &code, &pending, did, problem))
        }
        Err(unknown) => not_found(&auth, unknown),
    }
}

/// Whose wrong codes are counted together.
pub(super) fn guesser(visitor: Option<(&str, &str)>, client: Option<&Extension<ClientAddress>>) -> String {
    match (visitor, client) {
        (Some((_, session)), _) => session.to_owned(),
        (None, Some(Extension(ClientAddress(address)))) => address.to_string(),
        (None, None) => String::new(),
    }
}

/// What to say of a code that leads nowhere.
pub(super) fn status(unknown: &Unknown) -> StatusCode {
    match unknown {
        Unknown::Code => StatusCode::NOT_FOUND,
        Unknown::Expired => StatusCode::GONE,
        Unknown::TooMany => StatusCode::TOO_MANY_REQUESTS,
        Unknown::Failed(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

pub(super) fn not_found(auth: &Auth, unknown: Unknown) -> Result<Response, Problem> {
    match unknown {
        Unknown::Failed(error) => Err(Error::into(error)),
        other => Ok(ask_for_code(auth, status(&other), Some(&other.to_string()))),
    }
}

fn ask_for_code(auth: &Auth, status: StatusCode, problem: Option<&str>) -> Response {
    let content = format!(
        "{}<form action=\"{}/device\" method=\"get\">\n<label for=\"code\">The code that your device shows</label>\n\
         <input id=\"code\" name=\"user_code\" class=\"code\" required maxlength=\"64\" placeholder=\"WDJB-MJHT\" \
         autocomplete=\"off\" autocapitalize=\"characters\" spellcheck=\"false\">\n<button>Go on</button>\n</form>",
        Alarm(problem),
        Text(&auth.config().base_url),
    );
    Page::new(status, "Let a device in", &content).into_response()
}
