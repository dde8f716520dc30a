//! One signed request, with the redirects it meets.

use std::time::SystemTime;

use activitypub::object::Document;
use activitypub::signature::{Form, Signer};
use activitypub::{Address, media_type};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use outbound::{Redirects, Response};

use super::{FetchError, Fetched, Fetcher, MAX_REDIRECTS, TIMEOUT};

impl Fetcher {
    pub(super) async fn get(&self, address: &Address) -> Result<Fetched, FetchError> {
        let mut at = address.clone();
        for _ in 0..=MAX_REDIRECTS {
            let answer = self.knock(&at).await?;
            if let Some(next) = redirect(&at, &answer)? {
                at = next;
                continue;
            }
            return read(at, &answer);
        }
        Err(FetchError::Malformed(format!("it redirects more than {MAX_REDIRECTS} times")))
    }

    /// Signs in the form that this host takes; if that is refused, as others of the same protocol do it.
    async fn knock(&self, at: &Address) -> Result<Response, FetchError> {
        let first = self.0.hosts.form(at.authority()).await;
        let answer = self.send(at, first, true).await?;
        if !matches!(answer.status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
            return Ok(answer);
        }
        if at.url().query().is_some() && first == Form::Draft {
            // Some servers leave the query out of what is signed.
            let again = self.send(at, Form::Draft, false).await?;
            if again.status.is_success() {
                return Ok(again);
            }
        }
        let other = first.other();
        let again = self.send(at, other, true).await?;
        if !again.status.is_success() {
            return Ok(answer);
        }
        self.0.hosts.prefer(at.authority(), other).await;
        Ok(again)
    }

    /// A connection that was kept may have ended meanwhile: then once more.
    async fn send(&self, at: &Address, form: Form, with_query: bool) -> Result<Response, FetchError> {
        match self.send_once(at, form, with_query).await? {
            Err(outbound::Error::Transfer { .. }) => Ok(self.send_once(at, form, with_query).await??),
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
        Ok(request.max_bytes(Document::MAX_FETCHED).timeout(TIMEOUT).send().await)
    }
}

/// Where an answer leads, if it is a redirect: never away from encryption.
fn redirect(at: &Address, answer: &Response) -> Result<Option<Address>, FetchError> {
    if !matches!(answer.status.as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let location = answer.headers.get(header::LOCATION).and_then(|location| location.to_str().ok());
    let next = location.and_then(|location| at.url().join(location).ok());
    let next = next.and_then(|next| Address::parse(next.as_str()).ok());
    let Some(next) = next else { return Err(FetchError::Malformed("it redirects to no address".into())) };
    if at.url().scheme() == "https" && next.url().scheme() != "https" {
        return Err(FetchError::Refused("it redirects to an unencrypted address".into()));
    }
    Ok(Some(next.without_fragment()))
}

fn read(found_at: Address, answer: &Response) -> Result<Fetched, FetchError> {
    match answer.status {
        StatusCode::NOT_FOUND | StatusCode::GONE => return Err(FetchError::Gone),
        status if !status.is_success() => return Err(FetchError::Status(status)),
        _ => {}
    }
    let content_type = answer.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if !content_type.is_some_and(media_type::is_activity) {
        return Err(FetchError::Malformed("its type is not that of ActivityPub".into()));
    }
    let document = Document::parse(&answer.body, Document::MAX_FETCHED);
    let document = document.map_err(|error| FetchError::Malformed(error.to_string()))?;
    Ok(Fetched { document, found_at })
}
