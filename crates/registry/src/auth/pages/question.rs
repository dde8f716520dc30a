//! The page that asks whether a device may be let in.

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use pages::{Alarm, Page, Text};

use super::super::Auth;
use super::super::flow::{Pending, UserCode};
use super::super::moment::rfc3339;

impl Auth {
    /// Asks whoever is signed in, or asks them to sign in.
    pub(super) fn question(
        &self,
        status: StatusCode,
        code: &UserCode,
        pending: &Pending,
        did: Option<&str>,
        problem: Option<&str>,
    ) -> Response {
        let base = Text(&self.config().base_url).to_string();
        let hidden = format!("<input type=\"hidden\" name=\"user_code\" value=\"{code}\">");
        let is_elsewhere = self.sign_in().is_some();
        let is_local = did.is_none() && self.credentials().local.is_some();
        let parts = [
            Some(Alarm(problem).to_string()),
            Some(described(code, pending)),
            did.map(|did| decision(&base, &hidden, did)),
            is_elsewhere.then(|| elsewhere(&base, &hidden, did.is_some())),
            is_local.then(|| local(&base, &hidden)),
        ];
        let content: String = parts.into_iter().flatten().collect();
        // A PDS may be anywhere.
        let leads_to: &[&str] = if is_elsewhere { &["https:", "http:"] } else { &[] };
        Page::new(status, "Let a device in?", &content).with_forms_that_end_at(leads_to).into_response()
    }
}

fn described(code: &UserCode, pending: &Pending) -> String {
    format!(
        "<p>A device asks to act for you. Approve it only if you have just started it yourself and it shows this code:</p>\n\
         <p class=\"code\">{code}</p>\n<dl>\n<dt>Name</dt><dd>{}</dd>\n<dt>Address</dt><dd>{}</dd>\n\
         <dt>Program</dt><dd>{}</dd>\n<dt>Asked</dt><dd>{}</dd>\n</dl>\n",
        Text(&pending.name),
        Text(&pending.ip_address),
        Text(&pending.user_agent),
        rfc3339(pending.created_at),
    )
}

/// What whoever is signed in may say.
fn decision(base: &str, hidden: &str, did: &str) -> String {
    format!(
        "<p>You are signed in as <strong>{}</strong>. Once you approve it, the device may push and delete in your name, \
         until you revoke it.</p>\n<form action=\"{base}/device/approve\" method=\"post\">\n{hidden}\n\
         <button name=\"approve\" value=\"true\">Approve</button>\n\
         <button class=\"no\" name=\"approve\" value=\"false\">Deny</button>\n</form>\n",
        Text(did)
    )
}

/// The way to one's PDS.
fn elsewhere(base: &str, hidden: &str, is_signed_in: bool) -> String {
    let title = if is_signed_in { "Use another account" } else { "Sign in first" };
    format!(
        "<h2>{title}</h2>\n<form action=\"{base}/device/sign-in\" method=\"get\">\n{hidden}\n\
         <label for=\"handle\">Your handle</label>\n<input id=\"handle\" name=\"handle\" required \
         placeholder=\"alice.example.com\" autocomplete=\"username\" autocapitalize=\"none\" spellcheck=\"false\">\n\
         <p class=\"quiet\">You sign in at your PDS, where your data lives. Your password stays there.</p>\n\
         <button>Sign in</button>\n</form>\n"
    )
}

/// Signing in and deciding in one, for accounts of this server.
fn local(base: &str, hidden: &str) -> String {
    format!(
        "<h2>With an account on this server</h2>\n<form action=\"{base}/device/approve\" method=\"post\">\n{hidden}\n\
         <label for=\"name\">Your handle</label>\n<input id=\"name\" name=\"handle\" required autocomplete=\"username\" \
         autocapitalize=\"none\" spellcheck=\"false\">\n<label for=\"password\">Your password</label>\n\
         <input id=\"password\" name=\"password\" type=\"password\" required autocomplete=\"current-password\">\n\
         <button name=\"approve\" value=\"true\">Approve</button>\n\
         <button class=\"no\" name=\"approve\" value=\"false\">Deny</button>\n</form>\n"
    )
}
