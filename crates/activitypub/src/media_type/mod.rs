//! Types of documents, and which one somebody wants (spec/social.md §4.4, §4.11).

mod accept;

pub use accept::{Representation, negotiate};

/// The type of everything that is ActivityPub.
pub const ACTIVITY: &str = "application/activity+json";

/// What a server says it takes when it fetches an object.
pub const ACCEPT: &str =
    "application/activity+json, application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"";

/// The vocabulary, as a profile of JSON-LD and as a context.
pub const PROFILE: &str = "https://www.w3.org/ns/activitystreams";

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

#[cfg(test)]
mod tests {
    use super::*;

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
