//! An HTTP client for tests: it hides nothing and follows nothing.

use reqwest::header::{AUTHORIZATION, HOST, HeaderMap, HeaderName, HeaderValue, LOCATION};
use reqwest::redirect::Policy;
use reqwest::{Method, RequestBuilder};
use serde_json::Value;
use std::time::Duration;

/// Sends requests to one server. Failing to get an answer at all panics; every status is an answer.
#[derive(Clone, Debug)]
pub struct HttpClient {
    base: String,
    headers: HeaderMap,
    client: reqwest::Client,
}

impl HttpClient {
    /// A client for the server at `base`, for example `http://127.0.0.1:3000`. Redirects are answers, not followed.
    #[must_use]
    pub fn new(base: &str) -> Self {
        let client = reqwest::Client::builder()
            .no_proxy()
            .redirect(Policy::none())
            .timeout(Duration::from_mins(1))
            .build()
            .unwrap_or_else(|error| panic!("an HTTP client: {error}"));
        Self { base: base.trim_end_matches('/').to_owned(), headers: HeaderMap::new(), client }
    }

    /// The server's address.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The same client with a header on every request, in place of one of that name.
    #[must_use]
    pub fn with_header(&self, name: &'static str, value: &str) -> Self {
        let mut with = self.clone();
        let value = HeaderValue::from_str(value).unwrap_or_else(|error| panic!("{name}: {value:?}: {error}"));
        with.headers.insert(HeaderName::from_static(name), value);
        with
    }

    /// The same client with `Authorization: Bearer TOKEN`.
    #[must_use]
    pub fn with_bearer(&self, token: &str) -> Self {
        self.with_header(AUTHORIZATION.as_str(), &format!("Bearer {token}"))
    }

    /// The same client for a server that the outside knows as `site` and reaches there by way of a proxy.
    #[must_use]
    pub fn with_host_of(&self, site: &str) -> Self {
        let host = site.split("://").nth(1).and_then(|rest| rest.split('/').next());
        self.with_header(HOST.as_str(), host.unwrap_or_else(|| panic!("{site} is no URL")))
    }

    /// GET; the path begins with `/` and may have a query.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    /// GET with query parameters, encoded here.
    pub async fn get_with(&self, path: &str, query: &[(&str, &str)]) -> Answer {
        self.send(self.request(Method::GET, path).query(query)).await
    }

    /// POST with a JSON body.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(self.request(Method::POST, path).json(body)).await
    }

    /// PATCH with a JSON body.
    pub async fn patch(&self, path: &str, body: &Value) -> Answer {
        self.send(self.request(Method::PATCH, path).json(body)).await
    }

    /// PUT with a JSON body.
    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        self.send(self.request(Method::PUT, path).json(body)).await
    }

    /// DELETE without a body.
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(self.request(Method::DELETE, path)).await
    }

    /// A request to shape further; pass it to [`send`](Self::send).
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.base)).headers(self.headers.clone())
    }

    /// Sends a request and reads the whole answer.
    pub async fn send(&self, request: RequestBuilder) -> Answer {
        self.try_send(request).await.unwrap_or_else(|error| panic!("{error:?}"))
    }

    /// Like [`send`](Self::send), for a server that may be down.
    pub async fn try_send(&self, request: RequestBuilder) -> Result<Answer, reqwest::Error> {
        let request = request.build()?;
        let asked = format!("{} {}", request.method(), request.url());
        let response = self.client.execute(request).await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Ok(Answer { asked, status, headers, text: response.text().await? })
    }
}

/// What a server answered.
#[derive(Clone, Debug)]
pub struct Answer {
    asked: String,
    /// The status code.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub text: String,
}

impl Answer {
    /// The body as JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}; not JSON: {self:?}"))
    }

    /// One header as text; empty if it is not there.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Where the answer sends a browser, which it must.
    #[must_use]
    pub fn location(&self) -> String {
        assert_eq!(self.status, 303, "{} answered {}", self.asked, self.text);
        self.header(LOCATION.as_str()).to_owned()
    }

    /// The body as JSON of an answer that must have this status.
    #[must_use]
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{} answered {}", self.asked, self.text);
        if self.text.is_empty() { Value::Null } else { self.json() }
    }
}
