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

/// The group: `/admin/lexicons/{id}` is about `lexicons`, `/auth/me` about `auth`.
pub(super) fn tag(path: &str) -> &str {
    let first = segments(path).next().unwrap_or("root");
    first.strip_suffix(".json").unwrap_or(first)
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
    fn groups_are_the_first_segment_that_says_something() {
        assert_eq!(tag("/admin/lexicons/{id}"), "lexicons");
        assert_eq!(tag("/api/setup/status"), "setup");
        assert_eq!(tag("/auth/me"), "auth");
        assert_eq!(tag("/admin/openapi.json"), "openapi");
        assert_eq!(tag("/"), "root");
    }
}
