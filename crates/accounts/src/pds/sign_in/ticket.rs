//! The ticket: only the browser that began a sign-in may complete it.
//!
//! Otherwise somebody could begin one, sign in as themselves, and have a victim's browser open the last link: the victim
//! would go on in the attacker's account (RFC 9700 §4.7).

use std::time::Duration;

use http::{HeaderMap, HeaderValue, header::COOKIE};

use super::pending::{LIFETIME, random_text};
use crate::{Error, secret_hash::SecretHash};

const NAME: &str = "belvedere_sign_in";
const CHARS: usize = 43;

/// What one browser has and no other.
pub(super) struct Ticket(String);

impl Ticket {
    /// The one that the browser has already, so that it can sign in in two windows, or a new one.
    pub(super) fn of(headers: &HeaderMap) -> Result<Self, Error> {
        presented(headers).map_or_else(|| random_text().map(Self), |ticket| Ok(Self(ticket.to_owned())))
    }

    pub(super) fn hash(&self) -> String {
        SecretHash::of(&self.0).to_hex()
    }

    /// The value for `Set-Cookie`.
    pub(super) fn set_cookie(&self, base_path: &str, secure: bool) -> Result<HeaderValue, Error> {
        cookie(&self.0, LIFETIME, base_path, secure)
    }
}

/// The value for `Set-Cookie` that makes a browser forget its ticket: it has signed in.
pub(super) fn forget_cookie(base_path: &str, secure: bool) -> Result<HeaderValue, Error> {
    cookie("", Duration::ZERO, base_path, secure)
}

/// The next sign-in must see the ticket as well as the callback, so it is for all of `/auth`. The browser comes back by a
/// link on another site, so it is `Lax`.
fn cookie(value: &str, age: Duration, base_path: &str, secure: bool) -> Result<HeaderValue, Error> {
    let secure = if secure { "; Secure" } else { "" };
    let age = age.as_secs();
    let cookie =
        format!("{NAME}={value}; Path={base_path}/auth; Max-Age={age}; HttpOnly; SameSite=Lax{secure}");
    let mut cookie = HeaderValue::try_from(cookie).map_err(|_| Error::Sealing)?;
    cookie.set_sensitive(true);
    Ok(cookie)
}

/// Whether the browser has the ticket with this hash.
pub(super) fn is_presented(headers: &HeaderMap, hash: &str) -> bool {
    presented(headers).is_some_and(|ticket| SecretHash::of(ticket).to_hex() == hash)
}

fn presented(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut tickets = cookies
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .filter(|(name, ticket)| *name == NAME && ticket.len() == CHARS)
        .map(|(_, ticket)| ticket);
    tickets.next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_browser_keeps_its_ticket() {
        let ticket = Ticket::of(&HeaderMap::new()).unwrap();
        let cookie = ticket.set_cookie("/hv", true).unwrap();
        let text = cookie.to_str().unwrap();
        // Both `/hv/auth/login` and `/hv/auth/callback` are below it.
        assert!(text.ends_with("; Path=/hv/auth; Max-Age=600; HttpOnly; SameSite=Lax; Secure"), "{text}");
        let forget = forget_cookie("/hv", true).unwrap();
        assert_eq!(forget, "belvedere_sign_in=; Path=/hv/auth; Max-Age=0; HttpOnly; SameSite=Lax; Secure");
        let value = format!("a=b; {}", text.split(';').next().unwrap());
        let headers = HeaderMap::from_iter([(COOKIE, value.parse().unwrap())]);
        assert!(is_presented(&headers, &ticket.hash()));
        assert_eq!(Ticket::of(&headers).unwrap().hash(), ticket.hash());
        assert!(!is_presented(&HeaderMap::new(), &ticket.hash()));
        assert!(!is_presented(&headers, &Ticket::of(&HeaderMap::new()).unwrap().hash()));
    }
}
