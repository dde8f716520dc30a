//! The cookie `happyview_session`, in and out (RFC 6265).

use http::{
    HeaderMap, HeaderValue,
    header::{COOKIE, InvalidHeaderValue},
};
use time::Duration;

use super::token;

/// Existing dashboards know this name.
const NAME: &str = "happyview_session";

/// The token that a request carries. None of several is believed: a neighbouring site may have set the other one.
pub(super) fn token(headers: &HeaderMap) -> Option<&str> {
    let pairs = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut tokens = pairs
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(name, _)| *name == NAME)
        .map(|(_, token)| token);
    match (tokens.next(), tokens.next()) {
        (Some(token), None) if token.len() == token::CHARS => Some(token),
        _ => None,
    }
}

/// The value of `Set-Cookie` that stores a token for a time, or, with no time left, removes it.
///
/// Behind https, pages of other registered domains may use it; the shell checks where a request comes from.
pub(super) fn set(token: &str, age: Duration, secure: bool) -> Result<HeaderValue, InvalidHeaderValue> {
    let scope = if secure { "Secure; SameSite=None" } else { "SameSite=Lax" };
    let seconds = age.whole_seconds().max(0);
    let mut value =
        HeaderValue::try_from(format!("{NAME}={token}; Path=/; Max-Age={seconds}; HttpOnly; {scope}"))?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(cookies: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for cookie in cookies {
            headers.append(COOKIE, HeaderValue::from_str(cookie).unwrap());
        }
        headers
    }

    #[test]
    fn the_token_is_found_among_other_cookies_and_only_once() {
        let t = "t".repeat(token::CHARS);
        for cookies in [
            vec![format!("happyview_session={t}")],
            vec![format!("a=b; happyview_session={t}; c=d")],
            vec!["a=b".to_owned(), format!("happyview_session={t}")],
        ] {
            let cookies: Vec<_> = cookies.iter().map(String::as_str).collect();
            assert_eq!(token(&headers(&cookies)), Some(&*t), "{cookies:?}");
        }
        for cookies in [
            vec![],
            vec![format!("xhappyview_session={t}")],
            vec![format!("Happyview_session={t}")],
            vec![format!("happyview_session={t}x")],
            vec!["happyview_session=".to_owned()],
            vec![format!("happyview_session={t}; happyview_session={t}")],
            vec![format!("happyview_session={t}"), "happyview_session=x".to_owned()],
        ] {
            let cookies: Vec<_> = cookies.iter().map(String::as_str).collect();
            assert_eq!(token(&headers(&cookies)), None, "{cookies:?}");
        }
    }

    #[test]
    fn scripts_never_see_it_and_tls_is_required_where_there_is_tls() {
        let secure = set("abc", Duration::days(14), true).unwrap();
        assert!(secure.is_sensitive());
        assert_eq!(secure, "happyview_session=abc; Path=/; Max-Age=1209600; HttpOnly; Secure; SameSite=None");
        let plain = set("", Duration::seconds(-1), false).unwrap();
        assert_eq!(plain, "happyview_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
    }
}
