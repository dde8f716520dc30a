//! Somebody as GitHub knows them.

use serde::Deserialize;
use serde_json::Value;

use crate::wire::Label;

/// What GitHub says of somebody who has let us ask.
#[derive(Clone, Debug)]
pub(super) struct GithubUser {
    /// Never changes and is never given to anybody else, unlike the login.
    pub(super) id: String,
    pub(super) login: String,
    /// The first word of their name.
    pub(super) first_name: Option<String>,
    /// The others.
    pub(super) last_name: Option<String>,
    pub(super) avatar_url: Option<String>,
    /// All of it, as it came.
    pub(super) profile: String,
}

#[derive(Deserialize)]
struct Profile {
    id: u64,
    login: Label,
    #[serde(default)]
    name: Option<Label>,
    #[serde(default)]
    avatar_url: Option<Label>,
}

impl GithubUser {
    /// Reads an answer; nothing if it is no user.
    pub(super) fn read(json: &[u8]) -> Option<Self> {
        let profile = std::str::from_utf8(json).ok()?.trim();
        let Profile { id, login, name, avatar_url } = serde_json::from_str(profile).ok()?;
        if login.is_empty() || !profile.starts_with('{') {
            return None;
        }
        let mut words = name.as_deref().unwrap_or_default().split_whitespace();
        let first_name = words.next().map(str::to_owned);
        let rest = words.collect::<Vec<_>>().join(" ");
        Some(Self {
            id: id.to_string(),
            login: login.into_string(),
            first_name,
            last_name: (!rest.is_empty()).then_some(rest),
            avatar_url: avatar_url.map(Label::into_string),
            profile: profile.to_owned(),
        })
    }
}

/// A stored profile as apps take it: they drop one that has no name or a null for an address (spec/sync.md §2.7).
pub(crate) fn shown(profile: Option<&str>) -> Option<Value> {
    let mut profile: Value = serde_json::from_str(profile?).ok()?;
    let members = profile.as_object_mut()?;
    if members.get("name").is_none_or(Value::is_null) {
        let login = members.get("login").cloned().unwrap_or_default();
        members.insert("name".to_owned(), login);
    }
    if members.get("email").is_some_and(Value::is_null) {
        members.remove("email");
    }
    Some(profile)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn names(name: &Value) -> (Option<String>, Option<String>) {
        let user = GithubUser::read(json!({ "id": 1, "login": "ann", "name": name }).to_string().as_bytes())
            .unwrap();
        (user.first_name, user.last_name)
    }

    #[test]
    fn a_name_is_its_first_word_and_the_others() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(names(&json!("Ann  Marie\tO'Neil ")), (some("Ann"), some("Marie O'Neil")));
        assert_eq!(names(&json!("Ann")), (some("Ann"), None));
        for none in [json!(" "), json!(""), Value::Null] {
            assert_eq!(names(&none), (None, None));
        }
    }

    #[test]
    fn what_is_no_user_is_refused() {
        for other in [
            r#"{"message":"Bad credentials"}"#,
            r#"{"id":"1","login":"ann"}"#,
            r#"{"id":-1,"login":"ann"}"#,
            r#"{"id":1,"login":""}"#,
            r#"{"id":1,"login":"a\u0000b"}"#,
            r#"{"id":1,"login":"ann","name":"\u0000"}"#,
            r#"[1,"ann"]"#,
            "",
            "<html>",
        ] {
            assert!(GithubUser::read(other.as_bytes()).is_none(), "{other}");
        }
        assert!(GithubUser::read(b"\xff").is_none());
    }

    proptest::proptest! {
        #[test]
        fn no_answer_is_too_strange(
            bytes: Vec<u8>,
            text in "[^a-z]{0,40}",
            pick in 0..6_usize,
            column in 0..5_usize,
        ) {
            assert!(GithubUser::read(&bytes).is_none_or(|user| !user.login.is_empty()));
            let strange =
                [json!(text), json!(null), json!([text]), json!({ "name": text }), json!(1e300), json!(true)];
            let mut profile = json!({
                "id": 1, "login": "ann", "name": "Ann", "email": "a@b.example", "avatar_url": "x",
            });
            profile[["id", "login", "name", "email", "avatar_url"][column]] = strange[pick].clone();
            let Some(user) = GithubUser::read(profile.to_string().as_bytes()) else { return Ok(()) };
            let texts =
                [&Some(user.id), &Some(user.login), &user.first_name, &user.last_name, &user.avatar_url];
            assert!(texts.into_iter().flatten().all(|text| !text.contains('\0') && text.len() <= 1024));
            let shown = shown(Some(&user.profile)).unwrap();
            assert!(shown["name"].is_string() && shown["id"].is_u64());
            assert_ne!(shown.get("email"), Some(&Value::Null));
        }
    }

    #[test]
    fn apps_are_shown_what_they_take() {
        let read = |profile: Value| shown(Some(&profile.to_string()));
        let given = json!({ "id": 1, "login": "ann", "name": null, "email": null, "bio": null, "plan": {} });
        assert_eq!(
            read(given),
            Some(json!({ "id": 1, "login": "ann", "name": "ann", "bio": null, "plan": {} }))
        );
        let given = json!({ "id": 1, "login": "ann", "name": "Ann", "email": "a@b.example" });
        assert_eq!(read(given.clone()), Some(given));
        assert_eq!((shown(None), shown(Some("[1]")), shown(Some("x"))), (None, None, None));
    }
}
