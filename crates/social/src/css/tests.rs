use proptest::prelude::*;

use super::sanitize;

fn clean(css: &str) -> String {
    sanitize(css, "ann.b").unwrap()
}

#[test]
fn rules_are_of_the_profile() {
    assert_eq!(clean(".card{color:red}"), "#profile-page-ann\\.b .card { color: red; }\n");
    assert_eq!(
        clean(":root { --primary: 210 40% 98% }"),
        "#profile-page-ann\\.b { --primary: 210 40% 98%; }\n"
    );
    assert_eq!(
        clean("html body.dark > a, a:hover{opacity:.5}"),
        "#profile-page-ann\\.b.dark > a, #profile-page-ann\\.b a:hover { opacity: 0.5; }\n"
    );
    assert_eq!(
        clean("#top-friends{display:none} .x{display:none}"),
        "#profile-page-ann\\.b #top-friends { display: none; }\n"
    );
}

#[test]
fn nothing_reaches_beside_it() {
    for selector in [
        "body + .x",
        ":root ~ .x",
        "#profile-page-ann\\.b + div",
        "#profile-page-ann\\.b ~ *",
        "html/**/+ x",
        "> x",
        "x >",
        "a:visited",
        "a:has(b)",
        "::part(x)",
        ":host",
        "input[value^=a]",
        "a|b",
        "&",
        "a::backdrop",
        "x:is(:visited)",
        "a:nth-child(1 of .b)",
        "#1a",
        "a || b",
    ] {
        assert_eq!(clean(&format!("{selector} {{ color: red }}")), "", "{selector}");
    }
    assert_eq!(
        clean("a:not(.b):nth-child(2n+1)[href]::before{content:\"x\"}"),
        "#profile-page-ann\\.b a:not(.b):nth-child(2n +1)[href]::before { content: \"x\"; }\n"
    );
}

#[test]
fn nothing_is_fetched() {
    for value in [
        "background: url(x)",
        "background: URL( 'x' )",
        "background: u\\72l(x)",
        "background: image-set('x' 1x)",
        "background-image: -webkit-image-set(url(x) 1x)",
        "background: src(x)",
        "--x: url(x)",
        "color: env(x)",
        "content: attr(x)",
        "background: javascript:alert(1)",
        "color: expression(alert(1))",
        "behavior: none",
        "-moz-binding: none",
        "background: cross-fade(a, b)",
        "background: element(#x)",
        "background: paint(x)",
        "font-family: \"</style>\"",
        "--x: \"\\3c /style>\"",
        "--\\3c: 1",
        "--x: {a:b}",
        "position: fixed",
        "position: sticky",
        "position: var(--p)",
        "position: f\\69xed",
        "z-index: 11",
        "z-index: -1",
        "z-index: 1.5",
        "margin: -1px",
        "margin-left: 201px",
        "margin: calc(1px)",
        "content: counter(x)",
        "top: 0",
        "inset: 0",
        "src: local(x)",
        "color: red; }",
        "all: unset",
        "pointer-events: none",
        "cursor: url(x), auto",
        "color:",
        "@import 'x'",
        "color: 'a:b'",
    ] {
        let out = clean(&format!("a {{ {value} }}"));
        assert!(out.is_empty() || out == "#profile-page-ann\\.b a { color: red; }\n", "{value}: {out}");
    }
}

#[test]
fn some_at_rules_are_kept() {
    assert_eq!(
        clean("@import url(x); @charset 'x'; a{color:red}"),
        "#profile-page-ann\\.b a { color: red; }\n"
    );
    assert_eq!(
        clean("@font-face{src:url(x)} @page{margin:0} @layer x{a{color:red}} @property --x{syntax:'*'}"),
        ""
    );
    assert_eq!(
        clean("@media (max-width: 20px) and screen { a{color:red} }"),
        "@media (max-width: 20px) and screen {\n#profile-page-ann\\.b a { color: red; }\n}\n"
    );
    assert_eq!(clean("@media (width < 20px) { a{color:red} } @supports selector(a) { a{color:red} }"), "");
    assert_eq!(
        clean(
            "@keyframes spin { to { transform: rotate(1turn) } } a{animation: spin 1s, other 2s !important}"
        ),
        "@keyframes profile-page-ann\\.b-spin {\nto { transform: rotate(1turn); }\n}\n\
         #profile-page-ann\\.b a { animation: profile-page-ann\\.b-spin 1s, other 2s !important; }\n"
    );
}

#[test]
fn sheets_are_bounded() {
    assert!(sanitize(&"a".repeat(16 * 1024 + 1), "x").is_err() && sanitize("\0", "x").is_err());
    let many = "a{color:red}".repeat(16 * 1024 / 12);
    assert!(sanitize(&many, "x").is_err(), "what is kept is bounded, too");
    assert_eq!(clean(&"(".repeat(16 * 1024)), "");
    assert_eq!(clean(&format!("a{{ color: {}red }}", "calc(".repeat(3000))), "");
}

/// Pieces of sheets, some of them meant to break out.
fn sheet() -> impl Strategy<Value = String> {
    let words = [
        "a",
        ".b",
        "#c",
        "#profile-page-ann\\.b",
        ":root",
        "html",
        "body",
        " ",
        ">",
        "+",
        "~",
        ",",
        "{",
        "}",
        ";",
        ":",
        "color",
        "red",
        "position",
        "fixed",
        "url(",
        "\\75rl(",
        ")",
        "(",
        "[",
        "]",
        "'",
        "\"",
        "/*",
        "*/",
        "<",
        "-->",
        "<!--",
        "\\",
        "\\3c ",
        "\n",
        "@media",
        "@keyframes",
        "@import",
        "x",
        "!important",
        "1px",
        "-",
        "1e3",
        "--y",
        "var(",
        "*",
        "::before",
        "calc(",
        "animation",
        "10%",
        "to",
        "&",
        "|",
        "=",
        "\u{e9}",
        "u+1",
        "display",
        "none",
    ];
    prop::collection::vec(prop::sample::select(words.to_vec()), 0..60).prop_map(|words| words.concat())
}

fn check(css: &str) {
    let Ok(once) = sanitize(css, "ann.b") else { return };
    assert_eq!(sanitize(&once, "ann.b").unwrap(), once, "cleaned again, from {css:?}");
    let lower = once.to_ascii_lowercase();
    for bad in ["<", "url(", "fixed;", "sticky;", "@import", "expression(", "javascript:", "\0"] {
        assert!(!lower.contains(bad), "{bad} in {once}");
    }
    for line in once.lines() {
        let is_inner = line == "}" || line.starts_with("@media ") || line.starts_with("@keyframes ");
        let is_frame =
            line.starts_with("to ") || line.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c));
        assert!(
            is_inner || is_frame || line.starts_with("from ") || line.starts_with("#profile-page-ann\\.b"),
            "{line}"
        );
    }
}

proptest! {
    #[test]
    fn no_sheet_is_too_strange(css in sheet()) {
        check(&css);
    }

    #[test]
    fn no_text_is_too_strange(css in "\\PC{0,200}") {
        check(&css);
        check(&format!("a{{{css}}}"));
        check(&format!("a{{color:{css}}}"));
    }
}
