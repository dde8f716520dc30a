//! Methods, and the scopes they need: every endpoint by every method.

use http::Method;
use oci::{ErrorCode, Route};

const SHA256: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// What each method needs: `-` is a method that there is not, nothing any token.
const MATRIX: [(&str, [&str; 6]); 9] = [
    ("/v2/", ["", "", "-", "-", "-", "-"]),
    ("/v2/_catalog", ["registry:catalog:*", "registry:catalog:*", "-", "-", "-", "-"]),
    ("/v2/_oci/ext/discover", ["", "", "-", "-", "-", "-"]),
    ("/v2/a/b/_oci/ext/discover", ["pull", "pull", "-", "-", "-", "-"]),
    ("/v2/a/b/blobs/{}", ["pull", "pull", "-", "-", "-", "pull,delete"]),
    ("/v2/a/b/blobs/uploads/", ["-", "-", "pull,push", "-", "-", "-"]),
    (
        "/v2/a/b/blobs/uploads/0192f0c1-7a3b-7def-8123-456789abcdef",
        ["pull", "-", "-", "pull,push", "pull,push", "pull,delete"],
    ),
    ("/v2/a/b/manifests/{}", ["pull", "pull", "-", "pull,push", "-", "pull,delete"]),
    ("/v2/a/b/tags/list", ["pull", "pull", "-", "-", "-", "-"]),
];

#[test]
fn every_method_has_its_scope_or_is_refused() {
    let methods = [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
    let referrers = ("/v2/a/b/referrers/{}", ["pull", "pull", "-", "-", "-", "-"]);
    for (path, needs) in MATRIX.into_iter().chain([referrers]) {
        let path = path.replace("{}", SHA256);
        for (method, needed) in methods.iter().zip(needs) {
            match Route::parse(method, &path) {
                Ok(route) => {
                    let scope = route.scope(method).map(|scope| scope.to_string()).unwrap_or_default();
                    let expected = match needed {
                        "" | "registry:catalog:*" => needed.to_owned(),
                        actions => format!("repository:a/b:{actions}"),
                    };
                    assert_eq!(scope, expected, "{method} {path}");
                }
                Err(error) => {
                    assert_eq!((error.code(), error.status().as_u16()), (ErrorCode::Unsupported, 405));
                    assert_eq!(needed, "-", "{method} {path}");
                    let allow = error.allow().unwrap();
                    assert!(
                        !allow.split(", ").any(|allowed| allowed == method.as_str()),
                        "{method}: {allow}"
                    );
                }
            }
        }
    }
    for method in [Method::OPTIONS, Method::TRACE, Method::CONNECT] {
        assert_eq!(Route::parse(&method, "/v2/").unwrap_err().code(), ErrorCode::Unsupported);
    }
}
