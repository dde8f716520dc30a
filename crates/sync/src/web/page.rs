//! The page that is the app, as it is sent.

use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::HEXLOWER;
use serde_json::{Map, Value};

use super::policy;

/// A larger one is none.
pub(super) const MAX_BYTES: u64 = 4 * 1024 * 1024;

/// Ready to be sent.
pub(super) struct Page {
    pub(super) html: String,
    /// What may run in it.
    pub(super) policy: String,
    /// Names this version of it.
    pub(super) tag: String,
}

impl Page {
    /// The page of the folder, with the configuration right after `<head>`.
    pub(super) fn new(html: &str, config: &Map<String, Value>) -> Self {
        let script = format!("<script>window.__HAPPY_CONFIG__ = {};</script>", as_script(config));
        let (before, after) = html.split_at(end_of_head_tag(html).unwrap_or(0));
        let html = [before, &script, after].concat();
        let tag = HEXLOWER.encode(&digest(&SHA256, html.as_bytes()).as_ref()[..16]);
        Self { policy: policy::of(&html), html, tag: format!("\"{tag}\"") }
    }
}

/// JSON that stays within a script element, whatever is in it.
fn as_script(config: &Map<String, Value>) -> String {
    let json = Value::Object(config.clone()).to_string();
    let mut script = String::with_capacity(json.len());
    for letter in json.chars() {
        match letter {
            '<' => script.push_str("\\u003c"),
            '>' => script.push_str("\\u003e"),
            '&' => script.push_str("\\u0026"),
            '\u{2028}' => script.push_str("\\u2028"),
            '\u{2029}' => script.push_str("\\u2029"),
            letter => script.push(letter),
        }
    }
    script
}

/// Behind `<head>`, with or without attributes.
fn end_of_head_tag(html: &str) -> Option<usize> {
    let lower = html.to_ascii_lowercase();
    let tag = lower.match_indices("<head").map(|(at, _)| at + "<head".len());
    let mut tag =
        tag.filter(|at| lower[*at..].starts_with(|letter: char| letter == '>' || letter.is_whitespace()));
    let from = tag.next()?;
    Some(from + lower[from..].find('>')? + 1)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn page(html: &str, config: &Value) -> Page {
        Page::new(html, config.as_object().unwrap())
    }

    #[test]
    fn the_configuration_comes_right_after_the_head_begins() {
        let script = r#"<script>window.__HAPPY_CONFIG__ = {"serverUrl":"https://a.test"};</script>"#;
        for (html, expected) in [
            ("<html><head><title>", format!("<html><head>{script}<title>")),
            ("<HEAD lang=a>x", format!("<HEAD lang=a>{script}x")),
            ("<header></header><head>x", format!("<header></header><head>{script}x")),
            ("x", format!("{script}x")),
            ("<head", format!("{script}<head")),
            ("", script.to_owned()),
        ] {
            assert_eq!(page(html, &json!({ "serverUrl": "https://a.test" })).html, expected);
        }
    }

    #[test]
    fn a_configuration_stays_in_its_script() {
        let text = "</script><script>alert(1)//<!--\u{2028}&";
        let page = page("<head></head>", &json!({ "x": text }));
        assert_eq!(page.html.matches("</script>").count(), 1);
        assert!(!page.html.contains("<!--") && !page.html.contains('\u{2028}'));
        let start = page.html.find("= ").unwrap() + 2;
        let json = &page.html[start..page.html.find(";</script>").unwrap()];
        assert_eq!(serde_json::from_str::<Value>(json).unwrap()["x"], text, "and means what it did");
    }

    #[test]
    fn a_version_has_a_name_of_its_own() {
        let tag = |html| page(html, &json!({})).tag;
        assert_eq!(tag("a"), tag("a"));
        assert_ne!(tag("a"), tag("b"));
    }

    proptest::proptest! {
        #[test]
        fn no_page_is_too_strange(html in "(<head|<script|</script>|<!--|[<>\"' a-z=é]){0,30}") {
            let page = page(&html, &json!({ "a": html }));
            proptest::prop_assert!(page.html.len() > html.len());
            proptest::prop_assert!(http::HeaderValue::from_str(&page.policy).is_ok());
        }
    }
}
