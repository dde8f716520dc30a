//! What people see when an app asks to be let in. The pages need no script.

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use pages::{Alarm, Page, Text};
use url::Url;

use super::client::OUT_OF_BAND;
use super::request::Request;
use super::scope::Scopes;

/// What a scope means to people: the first word of it decides.
const MEANINGS: [(&str, &str); 6] = [
    ("read", "see what you see: your timelines, your notifications, whom you follow, mute and block"),
    ("write", "act for you: post, edit and delete, like, boost, change your profile and your relations"),
    ("follow", "change whom you follow, mute and block"),
    ("push", "be told of your notifications"),
    ("profile", "see who you are"),
    ("", "use your account"),
];

/// The question, with a form to sign in and answer.
pub(super) fn question(
    status: StatusCode,
    base: &str,
    request: &Request,
    ticket: &str,
    problem: Option<&str>,
) -> Response {
    let website = request.website.as_deref().map(|url| format!("<dt>Website</dt><dd>{}</dd>\n", Text(url)));
    let content = format!(
        "{}<p><strong>{}</strong> asks to use your account on this server. Let it in only if you have just come from it.</p>\n\
         <dl>\n{}<dt>Goes back to</dt><dd>{}</dd>\n<dt>It may</dt><dd>{}</dd>\n</dl>\n\
         <form action=\"{}/oauth/authorize\" method=\"post\">\n\
         <input type=\"hidden\" name=\"ticket\" value=\"{}\">\n\
         <label for=\"name\">Your e-mail or user name</label>\n\
         <input id=\"name\" name=\"name\" required maxlength=\"255\" autocomplete=\"username\" autocapitalize=\"none\" \
         spellcheck=\"false\">\n<label for=\"password\">Your password</label>\n\
         <input id=\"password\" name=\"password\" type=\"password\" required maxlength=\"1024\" \
         autocomplete=\"current-password\">\n\
         <button name=\"answer\" value=\"allow\">Sign in and allow</button>\n\
         <button class=\"no\" name=\"answer\" value=\"deny\" formnovalidate>Deny</button>\n</form>",
        Alarm(problem),
        Text(&request.name),
        website.unwrap_or_default(),
        Text(&place(&request.redirect_uri)),
        Text(&meaning(&request.scopes)),
        Text(base),
        Text(ticket),
    );
    let scheme = scheme(&request.redirect_uri);
    let leads_to: Vec<_> = scheme.iter().map(String::as_str).collect();
    Page::new(status, "Let an app in?", &content).with_forms_that_end_at(&leads_to).into_response()
}

/// A code for people to carry to the app themselves.
pub(super) fn code(code: &str) -> Response {
    let content = format!(
        "<p>Copy this code into the app. It is good for ten minutes, and once.</p>\n<p class=\"code\" id=\"code\">{}</p>",
        Text(code)
    );
    Page::new(StatusCode::OK, "The app is let in", &content).into_response()
}

/// Something that cannot be told to the app.
pub(super) fn stop(status: StatusCode, why: &str) -> Response {
    let content = format!(
        "<p class=\"alarm\" role=\"alert\">{}</p>\n<p>Go back to the app and begin anew.</p>",
        Text(why)
    );
    Page::new(status, "This does not lead anywhere", &content).into_response()
}

/// Host, or scheme, of whoever gets the code.
fn place(redirect_uri: &str) -> String {
    if redirect_uri == OUT_OF_BAND {
        return "nobody: you are shown a code".to_owned();
    }
    match Url::parse(redirect_uri) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => url.host_str().unwrap_or_default().to_owned(),
        Ok(url) => format!("an app on this device ({}:)", url.scheme()),
        Err(_) => redirect_uri.to_owned(),
    }
}

/// Where the form leads, as a source of a content security policy.
fn scheme(redirect_uri: &str) -> Option<String> {
    let is_elsewhere = redirect_uri != OUT_OF_BAND;
    redirect_uri.split_once(':').filter(|_| is_elsewhere).map(|(scheme, _)| format!("{scheme}:"))
}

fn meaning(scopes: &str) -> String {
    let scopes = Scopes::parse(scopes).unwrap_or_else(Scopes::standard);
    let described = scopes.iter().map(|scope| match scope.split_once(':') {
        Some((kind, what)) => format!("{kind} your {what}"),
        None => {
            let found = MEANINGS.iter().find(|(name, _)| scope == *name || name.is_empty());
            found.map_or("", |(_, meaning)| meaning).to_owned()
        }
    });
    described.collect::<Vec<_>>().join("; ")
}
