//! What a path says: its template, its parameters, the group it belongs to, a name for what is done there.

/// The path in the syntax of OpenAPI, which has no word for a parameter that spans segments.
pub(super) fn template(path: &str) -> String {
    path.replace("{*", "{")
}

/// The names of the parameters, in order.
pub(super) fn parameters(path: &str) -> impl Iterator<Item = &str> {
    let starts = path.split('{').skip(1);
    starts.filter_map(|rest| Some(rest.split_once('}')?.0.trim_start_matches('*')))
}

/// The group: what `/admin` and `/api` are asked about, as `/admin/lexicons/{id}` about `lexicons`; elsewhere the app that answers.
pub(super) fn tag<'a>(path: &'a str, app: &'a str) -> &'a str {
    let below = path.strip_prefix("/admin/").or_else(|| path.strip_prefix("/api/"));
    let subject = below.and_then(|below| below.split('/').next());
    subject.map_or(app, |subject| subject.strip_suffix(".json").unwrap_or(subject))
}

/// `GET /admin/lexicons/{id}` is `getLexiconsById`.
pub(super) fn operation_id(method: &str, path: &str) -> String {
    let mut id = method.to_ascii_lowercase();
    for segment in segments(path) {
        let (by, name) = match segment.strip_prefix('{') {
            Some(name) => ("By", name),
            None => ("", segment),
        };
        id.push_str(by);
        for word in name.split(|c: char| !c.is_ascii_alphanumeric()) {
            let (first, rest) = word.split_at(word.len().min(1));
            id.push_str(&first.to_ascii_uppercase());
            id.push_str(rest);
        }
    }
    id
}

/// The segments without those that only say that this is an interface for programs.
fn segments(path: &str) -> impl Iterator<Item = &str> {
    let mut segments = path.split('/').filter(|segment| !segment.is_empty()).peekable();
    segments.next_if(|first| matches!(*first, "admin" | "api"));
    segments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_found_in_order() {
        let path = "/a/{b}/c/{*rest}";
        assert_eq!(parameters(path).collect::<Vec<_>>(), ["b", "rest"]);
        assert_eq!(template(path), "/a/{b}/c/{rest}");
        assert_eq!(parameters("/a").count(), 0);
    }

    #[test]
    fn names_are_made_of_the_path() {
        assert_eq!(operation_id("GET", "/admin/lexicons/{id}"), "getLexiconsById");
        assert_eq!(operation_id("POST", "/oauth/dpop-keys"), "postOauthDpopKeys");
        assert_eq!(operation_id("DELETE", "/x/{*rest}"), "deleteXByRest");
        assert_eq!(operation_id("GET", "/"), "get");
    }

    #[test]
    fn groups_are_what_is_asked_about_or_who_answers() {
        assert_eq!(tag("/admin/lexicons/{id}", "appview"), "lexicons");
        assert_eq!(tag("/api/setup/status", "accounts"), "setup");
        assert_eq!(tag("/admin/openapi.json", "shell"), "openapi");
        assert_eq!(tag("/users/{id}", "federation"), "federation");
        assert_eq!(tag("/", "web"), "web");
    }
}
