//! What may run in the page that is the app (Content Security Policy Level 3).

use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::BASE64;

/// The app's own files, workers and sounds that it makes itself, and WebAssembly. It talks to the server it is configured for and to
/// those of voice, shows pictures from anywhere, and styles itself; it is shown in no other site's page.
const POLICY: &str = "style-src 'self' 'unsafe-inline'; img-src * data: blob:; media-src * data: blob:; font-src 'self' data:; \
                      connect-src * data: blob:; worker-src 'self' blob:; manifest-src 'self'; object-src 'none'; \
                      base-uri 'self'; form-action 'self'; frame-ancestors 'self'";

/// For files, some of which may be pages of their own.
pub(super) fn of_files() -> String {
    of("")
}

/// The policy of a page: the scripts that stand in it may run, and no others that anybody could put there.
pub(super) fn of(html: &str) -> String {
    let mut policy = "default-src 'self'; script-src 'self' blob: 'wasm-unsafe-eval'".to_owned();
    for script in inline_scripts(html) {
        let hash = BASE64.encode(digest(&SHA256, script.as_bytes()).as_ref());
        policy.extend([" 'sha256-", &hash, "'"]);
    }
    policy + "; " + POLICY
}

/// What is between the tags of scripts that have no `src`.
fn inline_scripts(html: &str) -> Vec<&str> {
    let lower = html.to_ascii_lowercase();
    let (mut scripts, mut at) = (Vec::new(), 0);
    while let Some(open) = lower[at..].find("<script").map(|found| at + found + "<script".len()) {
        let Some(begin) = end_of_tag(&lower, open) else { break };
        let end = lower[begin..].find("</script").map_or(lower.len(), |found| begin + found);
        if !lower[open..begin].contains("src=") {
            scripts.push(&html[begin..end]);
        }
        at = end;
    }
    scripts
}

/// Behind the `>` that ends the tag; those in quotes do not.
fn end_of_tag(html: &str, from: usize) -> Option<usize> {
    let mut quote = None;
    for (at, letter) in html[from..].char_indices() {
        match (quote, letter) {
            (None, '>') => return Some(from + at + 1),
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), letter) if open == letter => quote = None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_of_the_page_are_found_as_browsers_find_them() {
        let html = "<script>one</script><SCRIPT type='a>b'>\n two </SCRIPT ><script src=\"x.js\"></script>\
                    <script defer src='y'></script><script>three < 4</script><script>never closed";
        assert_eq!(inline_scripts(html), ["one", "\n two ", "three < 4", "never closed"]);
        assert!(inline_scripts("<script").is_empty() && inline_scripts("").is_empty());
        // `printf one | openssl dgst -sha256 -binary | base64`
        assert!(of(html).contains("'sha256-dpLDrTVAu4A8Ags67mbNiIcSMjTqDG5xQ8Ct1z/0Me0='"), "{}", of(html));
        assert_eq!(of_files().matches("sha256").count(), 0);
    }
}
