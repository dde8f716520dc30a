//! One signed request, with the redirects it meets.

use std::time::SystemTime;

use activitypub::object::Document;
use activitypub::signature::{Form, Signer};
use activitypub::{Address, media_type};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use outbound::{Redirects, Response};

use super::{Budget, FetchError, Fetched, Fetcher, MAX_REDIRECTS, TIMEOUT};

impl Fetcher {
    /// The first request has been paid for; each further one is paid out of `more`, whatever makes it necessary.
    pub(super) async fn get(&self, more: &Budget, address: &Address) -> Result<Fetched, FetchError> {
        let mut at = address.clone();
        for _ in 0..=MAX_REDIRECTS {
            let answer = self.knock(more, &at).await?;
            if let Some(next) = redirect(&at, answer.status, &answer.headers)? {
                self.permitted(&next).await?;
                more.spend()?;
                at = next;
                continue;
            }
            return read(at, &answer, self.0.max_bytes);
        }
        Err(FetchError::Malformed(format!("it redirects more than {MAX_REDIRECTS} times")))
    }

    /// Signs in the form that this host takes; if that is refused, as others of the same protocol do it.
    async fn knock(&self, more: &Budget, at: &Address) -> Result<Response, FetchError> {
        let first = self.0.hosts.form(at.authority()).await;
        let answer = self.send(more, at, first, true).await?;
        if !matches!(answer.status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
            return Ok(answer);
        }
        if at.url().query().is_some() && first == Form::Draft {
            // Some servers leave the query out of what is signed.
            more.spend()?;
            let again = self.send(more, at, Form::Draft, false).await?;
            if again.status.is_success() {
                return Ok(again);
            }
        }
        let other = first.other();
        more.spend()?;
        let again = self.send(more, at, other, true).await?;
        if !again.status.is_success() {
            return Ok(answer);
        }
        self.0.hosts.prefer(at.authority(), other).await;
        Ok(again)
    }

    /// A connection that was kept may have ended meanwhile: then once more.
    async fn send(
        &self,
        more: &Budget,
        at: &Address,
        form: Form,
        with_query: bool,
    ) -> Result<Response, FetchError> {
        match self.send_once(at, form, with_query).await? {
            Err(outbound::Error::Transfer { .. }) => {
                more.spend()?;
                Ok(self.send_once(at, form, with_query).await??)
            }
            answered => Ok(answered?),
        }
    }

    async fn send_once(
        &self,
        at: &Address,
        form: Form,
        with_query: bool,
    ) -> Result<Result<Response, outbound::Error>, FetchError> {
        let signing = self.0.keys.instance().await.map_err(|_| FetchError::Unsigned)?;
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static(media_type::ACCEPT));
        let signer = Signer { key_id: &signing.key_id, key: &signing.key, form, with_query };
        let signed = signer.sign(&Method::GET, at.url(), &mut headers, None, SystemTime::now());
        signed.map_err(|_| FetchError::Unsigned)?;
        let mut request = self.0.outbound.get(at.url()).redirects(Redirects::None);
        for (name, value) in headers {
            if let Some(name) = name {
                request = request.header(name, value);
            }
        }
        Ok(request.max_bytes(self.0.max_bytes).timeout(TIMEOUT).send().await)
    }
}

/// Where an answer leads, if it is a redirect: never away from encryption.
pub(crate) fn redirect(
    at: &Address,
    status: StatusCode,
    headers: &HeaderMap,
) -> Result<Option<Address>, FetchError> {
    if !matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let location = headers.get(header::LOCATION).and_then(|location| location.to_str().ok());
    let next = location.and_then(|location| at.url().join(location).ok());
    let next = next.and_then(|next| Address::parse(next.as_str()).ok());
    let Some(next) = next else { return Err(FetchError::Malformed("it redirects to no address".into())) };
    let is_worse = at.url().scheme() == "https" && next.url().scheme() != "https";
    if is_worse && !faults::mutant!("federation-redirect-unencrypted") {
        return Err(FetchError::Refused("it redirects to an unencrypted address".into()));
    }
    Ok(Some(next.without_fragment()))
}

fn read(found_at: Address, answer: &Response, max_bytes: usize) -> Result<Fetched, FetchError> {
    match answer.status {
        StatusCode::NOT_FOUND | StatusCode::GONE => return Err(FetchError::Gone),
        status if !status.is_success() => return Err(FetchError::Status(status)),
        _ => {}
    }
    let content_type = answer.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if !content_type.is_some_and(media_type::is_activity) {
        return Err(FetchError::Malformed("its type is not that of ActivityPub".into()));
    }
    let document = Document::parse(&answer.body, max_bytes);
    let document = document.map_err(|error| FetchError::Malformed(error.to_string()))?;
    Ok(Fetched { document, found_at })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_stays_encrypted_and_leads_to_an_address() {
        let to = |from: &str, status: u16, location: &str| {
            let headers = HeaderMap::from_iter([(header::LOCATION, location.parse().unwrap())]);
            let next =
                redirect(&Address::parse(from).unwrap(), StatusCode::from_u16(status).unwrap(), &headers);
            next.map(|next| next.map(|next| next.to_string()))
        };
        let https = "https://a.example/users/x?y#z";
        assert_eq!(to(https, 302, "/b"), Ok(Some("https://a.example/b".into())));
        assert_eq!(to(https, 308, "//b.example/b#c"), Ok(Some("https://b.example/b".into())));
        assert_eq!(to(https, 200, "/b"), Ok(None));
        for status in [301, 302, 303, 307, 308] {
            assert!(matches!(to(https, status, "http://a.example/users/x"), Err(FetchError::Refused(_))));
            assert_eq!(
                to("http://a.example/", status, "https://a.example/"),
                Ok(Some("https://a.example/".into()))
            );
            for nowhere in ["ftp://a.example/", "https://u:p@a.example/", "https://[", "javascript:x"] {
                assert!(matches!(to(https, status, nowhere), Err(FetchError::Malformed(_))), "{nowhere}");
            }
        }
    }
}
