//! What a browser does: it keeps cookies and follows links when told to.

use crate::{Account, Answer, HttpClient, Network};
use reqwest::header::{COOKIE, ORIGIN, SET_COOKIE};
use reqwest::{Method, RequestBuilder};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use url::Url;
use url::form_urlencoded::Serializer;

/// A browser with pages of one server open.
pub struct Browser {
    http: HttpClient,
    site: String,
    cookies: Mutex<BTreeMap<String, String>>,
}

impl Browser {
    /// A browser without cookies, for the server that `http` asks.
    #[must_use]
    pub fn new(http: &HttpClient) -> Self {
        Self::at(http.base(), http)
    }

    /// The same for a server that is `site` to people, with the path in front of all others if there is one, and is
    /// reached through `http`.
    #[must_use]
    pub fn at(site: &str, http: &HttpClient) -> Self {
        Self { http: http.with_host_of(site), site: site.to_owned(), cookies: Mutex::default() }
    }

    /// The cookies as they would be sent.
    #[must_use]
    pub fn cookies(&self) -> String {
        let cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
        cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    /// A script of the server's own page, with the cookies of now.
    #[must_use]
    pub fn http(&self) -> HttpClient {
        self.http.with_header(COOKIE.as_str(), &self.cookies()).with_header(ORIGIN.as_str(), &self.origin())
    }

    /// GET, as if by a script of the server's own page.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    /// POST without a body.
    pub async fn post(&self, path: &str) -> Answer {
        self.send(self.request(Method::POST, path)).await
    }

    /// A request as a script of the server's own page makes it; pass it to [`send`](Self::send).
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, path).header(ORIGIN, self.origin())
    }

    fn origin(&self) -> String {
        let site = Url::parse(&self.site).unwrap_or_else(|error| panic!("{}: {error}", self.site));
        site.origin().ascii_serialization()
    }

    /// Sends a request with the cookies there are, and keeps those that come back.
    pub async fn send(&self, request: RequestBuilder) -> Answer {
        let answer = self.http.send(request.header(COOKIE, self.cookies())).await;
        let mut cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
        for line in answer.headers.get_all(SET_COOKIE) {
            let pair = line.to_str().ok().and_then(|line| line.split(';').next()?.split_once('='));
            let (name, value) = pair.unwrap_or_else(|| panic!("no cookie: {line:?}"));
            if value.is_empty() {
                cookies.remove(name);
            } else {
                cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        drop(cookies);
        answer
    }

    /// The path that begins a sign-in.
    #[must_use]
    pub fn login(query: &[(&str, &str)]) -> String {
        format!("/auth/login?{}", Serializer::new(String::new()).extend_pairs(query).finish())
    }

    /// Begins to sign in; where to go.
    pub async fn begin(&self, query: &[(&str, &str)]) -> String {
        let answer = self.get(&Self::login(query)).await.expect(200);
        answer["url"].as_str().unwrap_or_else(|| panic!("no url in {answer}")).to_owned()
    }

    /// Signs in, up to the link that leads back; its path.
    pub async fn approve(&self, network: &Network, account: &Account, scope: &str) -> String {
        let url = self.begin(&[("handle", &account.handle), ("scope", scope)]).await;
        let back = network.approve_oauth(&url, &account.handle, &account.password).await;
        back.strip_prefix(&self.site).unwrap_or_else(|| panic!("back at {back}")).to_owned()
    }

    /// Signs in; where one ends up.
    pub async fn sign_in(&self, network: &Network, account: &Account, scope: &str) -> String {
        let back = self.approve(network, account, scope).await;
        self.get(&back).await.location()
    }
}
