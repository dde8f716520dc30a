//! What nobody gets past it.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;

fn base() -> Base {
    Base::of_source("https://github.com/alice/app").unwrap()
}

/// Everything that could run or lead somewhere it should not, in the elements of an HTML text that a browser would see.
fn is_harmless(page: &str) -> Result<(), String> {
    let lower = page.to_lowercase();
    for element in [
        "<script", "<iframe", "<object", "<embed", "<form", "<style", "<link", "<meta", "<base", "<svg",
        "<math", "<button",
    ] {
        if lower.contains(element) {
            return Err(format!("{element} in {page}"));
        }
    }
    // Each tag that is left, and what it has in it.
    for tag in lower.split('<').skip(1) {
        let tag = tag.split('>').next().unwrap_or_default();
        let attributes = tag.split_once(char::is_whitespace).map(|(_, rest)| rest).unwrap_or_default();
        let names = attributes.split('"').step_by(2);
        for name in names.flat_map(str::split_whitespace).map(|name| name.trim_end_matches('=')) {
            if name.starts_with("on") || ["style", "id", "name", "srcdoc", "formaction"].contains(&name) {
                return Err(format!("{name} in {page}"));
            }
        }
        for (at, value) in attributes.split('"').enumerate() {
            let is_url = at % 2 == 1
                && attributes
                    .split('"')
                    .nth(at - 1)
                    .is_some_and(|name| name.ends_with("href=") || name.ends_with("src="));
            let value = value.trim();
            if is_url && !["https://", "http://", "mailto:"].iter().any(|scheme| value.starts_with(scheme)) {
                return Err(format!("{value} in {page}"));
            }
        }
    }
    Ok(())
}

#[test]
fn what_is_harmless_stays_and_relative_links_lead_to_the_source() {
    let page = render(
        "# App\n\nSee [it](docs/a.md) ![p](a.png) <b>now</b>\n\n| a |\n|---|\n| 1 |\n\n- [x] done",
        Some(&base()),
    );
    for part in [
        "<h1>App</h1>",
        "href=\"https://github.com/alice/app/blob/HEAD/docs/a.md\"",
        "src=\"https://github.com/alice/app/raw/HEAD/a.png\"",
        "<b>now</b>",
        "<table>",
        "rel=\"nofollow noopener noreferrer ugc\"",
        "type=\"checkbox\"",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    assert!(!render("[it](docs/a.md)", None).contains("href"));
}

#[test]
fn nothing_runs() {
    for text in [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](java\tscript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "<a href=\"&#106;avascript:alert(1)\">x</a>",
        "<a href=\" javascript:alert(1)\">x</a>",
        "![x](javascript:alert(1))",
        "<svg onload=alert(1)><script>alert(1)</script></svg>",
        "<math><mi xlink:href=\"javascript:alert(1)\">x</mi></math>",
        "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
        "<style>*{background:url(javascript:alert(1))}</style>",
        "<form action=/api/registry/stars method=post><button>x</button></form>",
        "<base href=//evil.test><meta http-equiv=refresh content=0;url=//evil.test>",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        "<input type=text autofocus onfocus=alert(1)>",
        "`<script>`\n\n    <script>alert(1)</script>",
    ] {
        for base in [None, Some(&base())] {
            let page = render(text, base);
            is_harmless(&page).unwrap();
        }
    }
}

#[test]
fn what_is_odd_takes_no_time() {
    for text in [
        ">".repeat(100_000),
        "<div>".repeat(20_000),
        "<b><p>".repeat(16_000),
        "[".repeat(100_000),
        "* ".repeat(50_000),
        "`".repeat(100_000),
        "<".repeat(100_000),
        "![](".repeat(25_000),
        "|a".repeat(50_000),
        format!("<div {}>", "a=b ".repeat(25_000)),
    ] {
        let started = Instant::now();
        is_harmless(&render(&text, Some(&base()))).unwrap();
        // Ours are not the only tests that run: what would not end is what is meant.
        assert!(started.elapsed() < Duration::from_secs(20), "{:?} for {}", started.elapsed(), &text[..8]);
    }
}

/// Pieces that mean something to a parser of Markdown or of HTML.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "<script>",
        "</script>",
        "<img src=",
        "onerror=",
        "alert(1)",
        "javascript:",
        "\"",
        "'",
        ">",
        "<",
        "<a href=\"",
        "[x](",
        "![",
        "]",
        ")",
        "`",
        "```\n",
        "\n\n",
        "<!--",
        "-->",
        "<svg",
        "<style>",
        "</style>",
        "<p ",
        "on",
        "style=\"",
        "&#x6a;",
        "<math>",
        "<mtext>",
        "<table>",
        "<noscript>",
        "<textarea>",
        "</title>",
        "<input ",
        "<br/",
        "\\",
        "|",
        "* ",
        "> ",
        "<![CDATA[",
        "<?",
        "data:",
        "//evil.test",
        "\u{0}",
        "\u{a0}",
        "ä",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn whatever_is_written_nothing_runs(text in pieces(), any in ".{0,200}") {
        for text in [&text, &any] {
            for base in [None, Some(&base())] {
                let page = render(text, base);
                prop_assert!(is_harmless(&page).is_ok(), "{:?}: {:?}", text, is_harmless(&page));
            }
        }
    }
}
