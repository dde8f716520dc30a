//! What must hold for any request of any client, for fuzzers; see `fuzz/README.md`.

#![expect(clippy::expect_used, clippy::missing_panics_doc, reason = "every function here is a check")]

use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts};
use futures::FutureExt;
use http::{Request, Uri};
use social::Id;
use url::Url;

use crate::fields::{Fields, MAX_FIELDS};
use crate::oauth::{Scopes, all_scopes};
use crate::paging::Paging;

/// However parameters are written, there are only so many, and what is asked for is among them.
pub fn fields(input: &[u8]) {
    let form = Fields::of_form(input);
    check(&form, 1);
    for kind in [
        "application/json",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
        "text/plain",
        "",
    ] {
        let request =
            Request::post("/?a=b&a[]=c").header("content-type", kind).body(Body::from(input.to_vec()));
        match at_once(Fields::from_request(request.expect("it is one"), &())) {
            Ok(fields) => check(&fields, 2),
            Err(problem) => assert!(problem.status.is_client_error(), "{kind}: {}", problem.status),
        }
    }
}

/// All of a body is there.
fn at_once<T>(read: impl Future<Output = T>) -> T {
    read.now_or_never().expect("nothing has to be waited for")
}

fn check(fields: &Fields, sources: usize) {
    assert!(fields.pairs().count() + fields.files.len() <= sources * MAX_FIELDS);
    for (name, value) in fields.pairs() {
        assert!(fields.mentions(name) && fields.text(name).is_some());
        // An empty one says that a list has none.
        assert!(value.is_empty() || fields.list(name).any(|found| found == value));
        let _ = (fields.flag(name), fields.number(name), fields.numbered(name, 0, value), fields.file(name));
    }
}

/// Whatever part of a list is asked for, it is one, and the ways on from it lead to the same list.
pub fn paging(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else { return };
    let Ok(uri) = format!("/api/v1/timelines/home?{text}").parse::<Uri>() else { return };
    let mut parts = Request::get(uri).body(()).expect("it is one").into_parts().0;
    let Ok(paging) = at_once(Paging::from_request_parts(&mut parts, &())) else { return };
    assert!((1..=40).contains(&paging.limit(20, 40)));
    let _ = paging.span();
    let response = paging.page("https://a.example", Vec::<u8>::new(), Some((Id(9), Id(7))));
    let Some(link) = response.headers().get("link") else { return };
    let link = link.to_str().expect("an address is in ASCII");
    let (next, previous) = link.split_once(", ").expect("it has both");
    for (way, rel, cursor) in [(next, "next", "max_id=7"), (previous, "prev", "min_id=9")] {
        let way = way.strip_suffix(&format!(">; rel=\"{rel}\"")).and_then(|way| way.strip_prefix('<'));
        let url = Url::parse(way.expect("one address")).expect("an address");
        assert!(url.as_str().starts_with("https://a.example/api/v1/timelines/home?"), "{url}");
        assert!(url.query().is_some_and(|query| query.ends_with(cursor)), "{url}");
        let cursors =
            url.query_pairs().filter(|(name, _)| ["max_id", "min_id", "since_id"].contains(&&**name));
        assert_eq!(cursors.count(), 1, "{url}");
    }
}

/// Scopes are those that there are, each once, and mean the same when they are written and read again.
pub fn scopes(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else { return };
    let Some(scopes) = Scopes::parse(text) else { return };
    assert_eq!(Scopes::parse(&scopes.to_string()).as_ref(), Some(&scopes));
    assert!((1..=all_scopes().len()).contains(&scopes.iter().count()));
    assert!(scopes.cover_all(&scopes) && !scopes.cover("admin:read"));
    for scope in all_scopes() {
        let alone = Scopes::parse(scope).expect("it is one");
        assert_eq!(scopes.cover_all(&alone), scopes.cover(scope));
    }
}
