//! What a browser does: it keeps cookies and follows links when told to.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use reqwest::{
    Method,
    header::{COOKIE, SET_COOKIE},
};
use testkit::{Account, Answer, HttpClient, Network};

pub(crate) struct Browser {
    http: HttpClient,
    cookies: Mutex<BTreeMap<String, String>>,
}

impl Browser {
    pub(crate) fn new(http: HttpClient) -> Self {
        Self { http, cookies: Mutex::default() }
    }

    /// The cookies as they would be sent.
    pub(crate) fn cookies(&self) -> String {
        let cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
        cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path).await
    }

    pub(crate) async fn post(&self, path: &str) -> Answer {
        self.send(Method::POST, path).await
    }

    async fn send(&self, method: Method, path: &str) -> Answer {
        // As if by a script of our own page.
        let request = self.http.request(method, path).header("origin", self.http.base());
        let answer = self.http.send(request.header(COOKIE, self.cookies())).await;
        let mut cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
        for line in answer.headers.get_all(SET_COOKIE) {
            let (name, value) = line.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap();
            if value.is_empty() {
                cookies.remove(name);
            } else {
                cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        drop(cookies);
        answer
    }

    /// Begins to sign in; where to go.
    pub(crate) async fn begin(&self, query: &[(&str, &str)]) -> String {
        let answer = self.get(&login(query)).await.expect(200);
        answer["url"].as_str().unwrap().to_owned()
    }

    /// Signs in, up to the link that leads back.
    pub(crate) async fn approve(&self, network: &Network, account: &Account, scope: &str) -> String {
        let url = self.begin(&[("handle", &account.handle), ("scope", scope)]).await;
        let back = network.approve_oauth(&url, &account.handle, &account.password).await;
        back.strip_prefix(self.http.base()).unwrap_or_else(|| panic!("back at {back}")).to_owned()
    }

    /// Signs in; where one ends up.
    pub(crate) async fn sign_in(&self, network: &Network, account: &Account, scope: &str) -> String {
        let back = self.approve(network, account, scope).await;
        location(&self.get(&back).await)
    }
}

/// The path that begins a sign-in.
pub(crate) fn login(query: &[(&str, &str)]) -> String {
    format!(
        "/auth/login?{}",
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish()
    )
}

/// Where an answer sends the browser.
pub(crate) fn location(answer: &Answer) -> String {
    assert_eq!(answer.status, 303, "{answer:?}");
    answer.headers["location"].to_str().unwrap().to_owned()
}
