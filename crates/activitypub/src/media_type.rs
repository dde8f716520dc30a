//! Types of documents, and which one somebody wants (spec/social.md §4.4, §4.11).

/// The type of everything that is ActivityPub.
pub const ACTIVITY: &str = "application/activity+json";

/// What a server says it takes when it fetches an object.
pub const ACCEPT: &str =
    "application/activity+json, application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"";

/// The vocabulary, as a profile of JSON-LD and as a context.
pub const PROFILE: &str = "https://www.w3.org/ns/activitystreams";

/// Bytes and entries of an `Accept` that are looked at.
const MAX_ACCEPT: usize = 4 * 1024;
const MAX_ENTRIES: usize = 64;

/// What somebody is answered with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Representation {
    /// The object itself.
    Activity,
    /// A page for people.
    Html,
    /// The answer of the REST API.
    Json,
}

/// Whether a document of this type may be an object: uploaded files that are served as JSON are not.
#[must_use]
pub fn is_activity(content_type: &str) -> bool {
    let (essence, parameters) = split(content_type);
    essence.eq_ignore_ascii_case(ACTIVITY)
        || essence.eq_ignore_ascii_case("application/ld+json") && profile(parameters).is_some_and(is_profile)
}

/// Whether a request with this type may bring an activity to an inbox.
#[must_use]
pub fn is_inbox(content_type: &str) -> bool {
    let (essence, _) = split(content_type);
    [ACTIVITY, "application/ld+json"].iter().any(|known| essence.eq_ignore_ascii_case(known))
}

/// Whether this may be an answer to a handle.
#[must_use]
pub fn is_jrd(content_type: &str) -> bool {
    let (essence, _) = split(content_type);
    [crate::webfinger::CONTENT_TYPE, "application/json"]
        .iter()
        .any(|known| essence.eq_ignore_ascii_case(known))
}

/// What an `Accept` header prefers. Objects only for those who ask for them, and no less than for a page.
#[must_use]
pub fn negotiate(accept: Option<&str>) -> Representation {
    let accept = accept.filter(|accept| accept.len() <= MAX_ACCEPT).unwrap_or("*/*");
    let [mut activity, mut html, mut json] = [0_u16; 3];
    for entry in entries(accept, ',').take(MAX_ENTRIES) {
        let (essence, parameters) = split(entry);
        let quality = quality(parameters);
        let slot = match essence.to_ascii_lowercase().as_str() {
            "application/activity+json" => &mut activity,
            "application/ld+json" if profile(parameters).is_none_or(is_profile) => &mut activity,
            "text/html" | "application/xhtml+xml" => &mut html,
            "application/json" => &mut json,
            _ => continue,
        };
        *slot = quality.max(*slot);
    }
    if activity > 0 && activity >= html && activity >= json {
        Representation::Activity
    } else if html > 0 && html >= json {
        Representation::Html
    } else {
        Representation::Json
    }
}

/// The parts of a list, except where quoted.
fn entries(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    text.split(move |c: char| {
        quoted ^= c == '"';
        c == separator && !quoted
    })
}

fn split(entry: &str) -> (&str, &str) {
    let (essence, parameters) = entry.split_once(';').unwrap_or((entry, ""));
    (essence.trim(), parameters)
}

fn parameter<'t>(parameters: &'t str, name: &str) -> Option<&'t str> {
    entries(parameters, ';').find_map(|parameter| {
        let (key, value) = parameter.split_once('=')?;
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"'))
    })
}

fn profile(parameters: &str) -> Option<&str> {
    parameter(parameters, "profile")
}

/// Whether the vocabulary is among the profiles.
fn is_profile(profiles: &str) -> bool {
    profiles.split_ascii_whitespace().any(|profile| profile.trim_end_matches('#') == PROFILE)
}

/// Thousandths; a quality that is none counts as one.
fn quality(parameters: &str) -> u16 {
    let Some(text) = parameter(parameters, "q") else { return 1_000 };
    let Some((whole, fraction)) = text.split_once('.').or(Some((text, ""))) else { return 1_000 };
    let digits = fraction.len() <= 3 && fraction.bytes().all(|byte| byte.is_ascii_digit());
    match whole {
        "0" if digits => format!("{fraction:0<3}").parse().unwrap_or(1_000),
        _ => 1_000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Representation::{Activity, Html, Json};

    #[test]
    fn those_who_ask_for_objects_get_them() {
        for (accept, expected) in [
            (Some("application/activity+json"), Activity),
            (Some(ACCEPT), Activity),
            (Some("application/ld+json"), Activity),
            (
                Some(
                    "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\", text/html;q=0.1",
                ),
                Activity,
            ),
            (Some("application/ld+json; profile=\"https://other.example/\""), Json),
            (Some("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"), Html),
            (Some("text/html, application/activity+json;q=0.5"), Html),
            (Some("text/html;q=0.5, APPLICATION/Activity+JSON; q=0.9"), Activity),
            (Some("application/activity+json;q=0, text/html"), Html),
            (Some("application/activity+json;q=0.000"), Json),
            (Some("application/json, application/activity+json;q=0.9"), Json),
            (Some("*/*"), Json),
            (Some(""), Json),
            (None, Json),
        ] {
            assert_eq!(negotiate(accept), expected, "{accept:?}");
        }
        assert_eq!(negotiate(Some(&"application/activity+json,".repeat(1_000))), Json);
    }

    #[test]
    fn objects_are_not_any_json() {
        for good in [
            ACTIVITY,
            "application/activity+json; charset=utf-8",
            "Application/LD+JSON;profile=\"https://www.w3.org/ns/activitystreams\"",
            "application/ld+json; profile=https://www.w3.org/ns/activitystreams#",
        ] {
            assert!(is_activity(good) && is_inbox(good), "{good}");
        }
        for bad in [
            "",
            "application/json",
            "text/html",
            "application/ld+json",
            "application/activity+json2",
            "application/ld+json; profile=\"https://evil.example/?https://www.w3.org/ns/activitystreams\"",
        ] {
            assert!(!is_activity(bad), "{bad}");
        }
        assert!(is_inbox("application/ld+json") && !is_inbox("application/json"));
        assert!(
            is_jrd("application/jrd+json; charset=utf-8")
                && is_jrd("application/json")
                && !is_jrd("text/json")
        );
    }
}
