//! The page on which somebody lets an app in, filled in as a browser would.

use reqwest::header::{COOKIE, SET_COOKIE};
use serde_json::{Value, json};
use testkit::{Answer, HttpClient};

use super::instance::{Instance, OUT_OF_BAND, password};

/// A page that was shown.
pub(super) struct Page {
    pub(super) http: HttpClient,
    pub(super) answer: Answer,
    pub(super) cookie: String,
    pub(super) ticket: String,
}

impl Page {
    /// Opens it with these parameters.
    pub(super) async fn open(http: &HttpClient, query: &[(&str, &str)]) -> Self {
        let answer = http.get_with("/oauth/authorize", query).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let cookie = answer.headers[SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
        let ticket = between(&answer.text, "name=\"ticket\" value=\"", "\"").unwrap().to_owned();
        Self { http: http.clone(), answer, cookie, ticket }
    }

    /// Answers it.
    pub(super) async fn say(&self, name: &str, password: &str, answer: &str) -> Answer {
        self.say_with(&self.cookie, name, password, answer, &[]).await
    }

    /// The same from a browser with this cookie, and with these headers.
    pub(super) async fn say_with(
        &self,
        cookie: &str,
        name: &str,
        password: &str,
        answer: &str,
        headers: &[(&str, &str)],
    ) -> Answer {
        let form = [("ticket", &*self.ticket), ("name", name), ("password", password), ("answer", answer)];
        let request = self.http.request(reqwest::Method::POST, "/oauth/authorize").form(&form);
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        self.http.send(request.header(COOKIE, cookie)).await
    }
}

/// What is between two texts.
pub(super) fn between<'t>(text: &'t str, from: &str, to: &str) -> Option<&'t str> {
    text.split_once(from)?.1.split_once(to).map(|(inside, _)| inside)
}

impl Instance {
    /// A code for the app to be somebody.
    pub(super) async fn code(&self, app: &Value, name: &str, scope: &str) -> String {
        let query = [
            ("client_id", app["client_id"].as_str().unwrap()),
            ("redirect_uri", OUT_OF_BAND),
            ("response_type", "code"),
            ("scope", scope),
        ];
        let page = Page::open(self.http(), &query).await;
        let shown = page.say(name, &password(name), "allow").await;
        between(&shown.text, "id=\"code\">", "<").unwrap_or_else(|| panic!("{}", shown.text)).to_owned()
    }

    /// A code, or a client's own secret, for a token.
    pub(super) async fn exchange(&self, app: &Value, more: &Value) -> Answer {
        let mut body = json!({
            "client_id": app["client_id"], "client_secret": app["client_secret"], "redirect_uri": OUT_OF_BAND,
        });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.http().post("/oauth/token", &body).await
    }

    /// A token of somebody.
    pub(super) async fn token(&self, name: &str, scope: &str) -> String {
        let app = self.app(scope).await;
        let code = self.code(&app, name, scope).await;
        let answer = self.exchange(&app, &json!({ "grant_type": "authorization_code", "code": code })).await;
        answer.expect(200)["access_token"].as_str().unwrap().to_owned()
    }

    /// Somebody's client.
    pub(super) async fn client(&self, name: &str, scope: &str) -> HttpClient {
        self.http().with_bearer(&self.token(name, scope).await)
    }
}
