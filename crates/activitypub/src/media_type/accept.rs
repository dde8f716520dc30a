//! What somebody wants to be answered with.

use super::{entries, is_profile, parameter, profile, split};

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
    use crate::media_type::ACCEPT;
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
}
