//! From a path to a file of the web app.

use std::fs;
use std::path::{Path, PathBuf};

/// Beginnings of paths that belong to apps of this server, switched on or not: an API must not answer with a page.
const RESERVED: [&str; 17] = [
    "v1",
    "v2",
    "v3",
    "files",
    "socket",
    "socket.io",
    "metrics",
    "health",
    "ready",
    "xrpc",
    "admin",
    "oauth",
    "auth",
    "api",
    "external-auth",
    "config",
    "nodeinfo",
];

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// One of its files.
    File(PathBuf),
    /// An address of the app itself, for all that is known here.
    App,
    /// Nobody's business.
    Nothing,
}

/// Looks a path up: decoded, without the slash in front. What is hidden or leads elsewhere is not there.
pub(super) fn find(dir: &Path, path: &str) -> Found {
    let first = path.split('/').next().unwrap_or_default();
    if RESERVED.contains(&first) || path.split('/').any(is_hidden) {
        return Found::Nothing;
    }
    let (mut place, mut is_file) = (dir.to_owned(), false);
    for segment in path.split('/') {
        place.push(segment);
        // Of what a link leads to nothing is known.
        match fs::symlink_metadata(&place) {
            _ if segment.is_empty() => return Found::App,
            Ok(entry) if entry.is_dir() || entry.is_file() => is_file = entry.is_file(),
            Ok(_) => return Found::Nothing,
            Err(_) => return Found::App,
        }
    }
    if is_file && place != dir.join("index.html") { Found::File(place) } else { Found::App }
}

/// `.`, `..`, files that are hidden, and what could be read as something else.
fn is_hidden(segment: &str) -> bool {
    segment.starts_with('.') || segment.contains(['\\', '\0'])
}

/// Whether a file of this path never changes, because its name has a hash of its content: it is in the folder that Expo makes for such
/// files, or a part of its name is of at least 8 hexadecimal digits, with letters and figures among them.
pub(super) fn is_immutable(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let is_hash = |part: &str| {
        part.len() >= 8
            && part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
            && part.bytes().any(|byte| byte.is_ascii_digit())
            && part.bytes().any(|byte| byte.is_ascii_alphabetic())
    };
    path.starts_with("_expo/static/") || name.split(['.', '-', '_']).any(is_hash)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn only_what_is_in_the_folder_is_a_file_of_the_app() {
        let outside = tempfile::tempdir().unwrap();
        let dir = outside.path().join("app");
        fs::create_dir_all(dir.join("assets/.git")).unwrap();
        for file in ["index.html", "a b.js", "assets/x.css", "assets/.git/config", ".env", "v1"] {
            fs::write(dir.join(file), file).unwrap();
        }
        fs::write(outside.path().join("secret"), "").unwrap();
        symlink("../secret", dir.join("link")).unwrap();
        symlink("..", dir.join("up")).unwrap();
        symlink("index.html", dir.join("same")).unwrap();
        let file = |path: &str| Found::File(dir.join(path));
        for (path, expected) in [
            ("a b.js", file("a b.js")),
            ("assets/x.css", file("assets/x.css")),
            ("index.html", Found::App),
            ("", Found::App),
            ("assets", Found::App),
            ("assets/", Found::App),
            ("assets//x.css", Found::App),
            ("assets/x.css/", Found::App),
            ("assets/x.css/y", Found::App),
            ("session/1", Found::App),
            ("v1", Found::Nothing),
            ("v1/x", Found::Nothing),
            ("files/x", Found::Nothing),
            ("link", Found::Nothing),
            ("up/secret", Found::Nothing),
            ("same", Found::Nothing),
            ("../secret", Found::Nothing),
            ("assets/../../secret", Found::Nothing),
            ("assets/./x.css", Found::Nothing),
            ("..\\secret", Found::Nothing),
            (".env", Found::Nothing),
            (".missing", Found::Nothing),
            ("assets/.git/config", Found::Nothing),
            ("a\0", Found::Nothing),
        ] {
            assert_eq!(find(&dir, path), expected, "{path:?}");
        }
    }

    #[test]
    fn names_with_hashes_are_for_ever() {
        for good in ["_expo/static/js/web/index-x.js", "assets/icon.4f1d2c3b.ttf", "assets/a-0123abcd.js"] {
            assert!(is_immutable(good), "{good}");
        }
        for bad in ["index.js", "assets/20240101.js", "deadbeef.js", "a/0123abcd/b.js", "release-2024.js"] {
            assert!(!is_immutable(bad), "{bad}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_path_leads_out(path in "[a-z./\\\\%\\PC]{0,40}") {
            let dir = tempfile::tempdir().unwrap();
            if let Found::File(place) = find(dir.path(), &path) {
                proptest::prop_assert!(place.starts_with(dir.path()) && !place.to_string_lossy().contains(".."));
            }
        }
    }
}
