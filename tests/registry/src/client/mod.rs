//! A client that hides nothing: every status is an answer, and what a server asks for is got from where it says.

mod answer;
mod request;
mod token;

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, bail};
use reqwest::header::{AUTHORIZATION, LOCATION, WWW_AUTHENTICATE};
use reqwest::redirect::Policy;
use url::Url;

pub use answer::Answer;
pub use request::{Body, Request};
pub use token::Challenge;

use crate::target::{Credentials, Target};

/// Longer than any answer here takes; a server that needs it has hung.
const ANSWERS_WITHIN: Duration = Duration::from_mins(1);

/// Sends requests to one server as one person.
#[derive(Debug)]
pub struct Client {
    http: reqwest::Client,
    base: Url,
    credentials: Option<Credentials>,
    /// What the server took for `Authorization` the last time, by repository and what was done there.
    taken: Mutex<HashMap<String, String>>,
}

impl Client {
    /// A client for a server.
    ///
    /// # Errors
    /// When its address is none.
    pub fn new(target: &Target) -> anyhow::Result<Self> {
        // Bytes are compared as they were sent.
        let http = reqwest::Client::builder().no_proxy().no_gzip().no_brotli().no_zstd();
        let http = http.redirect(Policy::none()).timeout(ANSWERS_WITHIN).build()?;
        let base = Url::parse(&target.url).with_context(|| format!("the address {:?}", target.url))?;
        Ok(Self { http, base, credentials: target.credentials.clone(), taken: Mutex::default() })
    }

    /// Sends a request, and once more with a token if the server asks for one.
    ///
    /// # Errors
    /// When there is no answer, or the server asks for something nobody could have.
    pub async fn send(&self, request: &Request) -> anyhow::Result<Answer> {
        let url = self.base.join(&request.to).with_context(|| format!("the address {:?}", request.to))?;
        let key = request.rights(&url);
        let taken = self.taken().get(&key).cloned();
        let answer = self.send_as(request, &url, taken.as_deref()).await?;
        let Some(challenge) = answer.header(WWW_AUTHENTICATE.as_str()).filter(|_| answer.status == 401)
        else {
            return Ok(answer);
        };
        let Some(authorization) = self.authorization(challenge).await? else { return Ok(answer) };
        let answer = self.send_as(request, &url, Some(&authorization)).await?;
        if answer.status != 401 {
            self.taken().insert(key, authorization);
        }
        Ok(answer)
    }

    /// Sends a request with no more than it says itself.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn send_bare(&self, request: &Request) -> anyhow::Result<Answer> {
        let url = self.base.join(&request.to).with_context(|| format!("the address {:?}", request.to))?;
        self.send_as(request, &url, None).await
    }

    /// What the server took for `Authorization` when something was written to a repository, if it was.
    #[must_use]
    pub fn write_authorization(&self, repository: &str) -> Option<String> {
        self.taken().get(&format!("write /v2/{repository} ")).cloned()
    }

    async fn send_as(&self, request: &Request, url: &Url, as_: Option<&str>) -> anyhow::Result<Answer> {
        let asked = format!("{} {url}", request.method);
        let mut builder = self.http.request(request.method.clone(), url.clone());
        for (name, value) in &request.headers {
            builder = builder.header(*name, value);
        }
        if let Some(authorization) = as_ {
            builder = builder.header(AUTHORIZATION, authorization);
        }
        let response = request.body.put_into(builder).send().await.with_context(|| asked.clone())?;
        let is_elsewhere = response.status().is_redirection() && response.headers().contains_key(LOCATION);
        let answer = Answer::read(asked, response).await?;
        if is_elsewhere { self.follow(request, answer).await } else { Ok(answer) }
    }

    /// Asks where the server says that something is, and shows nobody there what opens the server.
    async fn follow(&self, request: &Request, redirect: Answer) -> anyhow::Result<Answer> {
        let Answer { asked, headers, .. } = &redirect;
        let mut builder = self.http.request(request.method.clone(), redirect.location()?);
        for (name, value) in request.headers.iter().filter(|(name, _)| *name != AUTHORIZATION.as_str()) {
            builder = builder.header(*name, value);
        }
        let response = builder.send().await.with_context(|| asked.clone())?;
        let answer = Answer::read(asked.clone(), response).await?;
        Ok(Answer { redirect: Some(headers.clone()), ..answer })
    }

    /// The value of `Authorization` that a challenge asks for; `None` if who asks cannot have it.
    ///
    /// # Errors
    /// When the challenge is none, or there are no tokens where it says.
    pub async fn authorization(&self, challenge: &str) -> anyhow::Result<Option<String>> {
        let challenge = Challenge::parse(challenge)?;
        if challenge.scheme.eq_ignore_ascii_case("basic") {
            return Ok(self.credentials.as_ref().map(Credentials::basic));
        }
        let answer = self.send_token_request(&challenge).await?;
        match answer.status {
            200 => Ok(Some(format!("Bearer {}", token::from_answer(&answer)?))),
            401 => Ok(None),
            status => bail!("{} answered {status} {}", answer.asked, answer.text()),
        }
    }

    async fn send_token_request(&self, challenge: &Challenge) -> anyhow::Result<Answer> {
        let url = challenge.token_url(self.credentials.as_ref())?;
        let mut request = Request::get(url.as_str());
        if let Some(credentials) = &self.credentials {
            request = request.with(AUTHORIZATION.as_str(), credentials.basic());
        }
        self.send_as(&request, &url, None).await
    }

    fn taken(&self) -> std::sync::MutexGuard<'_, HashMap<String, String>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
