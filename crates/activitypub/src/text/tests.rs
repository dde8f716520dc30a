//! What is a link, what is a tag, and what is left of what means harm.

use super::{Segment, Target, render, render_field, sanitize, scan, to_plain};
use crate::webfinger::Handle;

fn tags(text: &str) -> Vec<String> {
    let found = scan(text).into_iter().filter_map(|segment| match segment {
        Segment::Hashtag(name) => Some(format!("#{name}")),
        Segment::Mention { user, host: Some(host) } => Some(format!("@{user}@{host}")),
        Segment::Mention { user, host: None } => Some(format!("@{user}")),
        Segment::Url(url) => Some(url.to_owned()),
        Segment::Text(_) => None,
    });
    found.collect()
}

#[test]
fn signs_mean_something_at_the_start_of_a_word() {
    for (text, expected) in [
        ("#rust and #Größe_2!", vec!["#rust", "#Größe_2"]),
        ("a#b &#39; ##x #_ # #-", vec![]),
        ("#a#b #c##d", vec!["#a", "#b", "#c"]),
        ("(#tag) .@alice.", vec!["#tag", "@alice"]),
        ("@bob@example.com:8080, @carol@ex-ample.org.", vec!["@bob@example.com:8080", "@carol@ex-ample.org"]),
        ("mail bob@example.com @ @- x@y", vec![]),
        (
            "see https://a.example/x_(y)#z). and HTTP://b.example!",
            vec!["https://a.example/x_(y)#z", "HTTP://b.example"],
        ),
        ("https:// http://< xhttps://a.example", vec![]),
        ("https://a.example/@bob #x", vec!["https://a.example/@bob", "#x"]),
    ] {
        assert_eq!(tags(text), expected, "{text}");
    }
    assert_eq!(tags(&"#a ".repeat(40)).len(), 30);
    assert_eq!(tags(&"@a ".repeat(40)).len(), 20);
    assert!(tags(&format!("#{}", "x".repeat(51))).is_empty());
}

#[test]
fn what_is_written_is_shown_and_what_is_named_is_a_link() {
    let handle = Handle::parse("bob@b.example").unwrap();
    let targets = [
        Target::Mention {
            user: "bob",
            host: Some("b.example"),
            handle,
            actor: "https://b.example/u/1",
            url: "https://b.example/@bob?a&b",
        },
        Target::Hashtag { name: "rust", href: "https://a.example/tags/rust" },
    ];
    let text = "Hi @Bob@B.example & @bob <b>\r\n\n#Rust #go 'q' https://x.example/?a&b";
    let expected = "<p>Hi <span class=\"h-card\"><a href=\"https://b.example/@bob?a&amp;b\" class=\"u-url mention\">@<span>Bob</span></a></span> &amp; @bob &lt;b&gt;</p>\
        <p><a href=\"https://a.example/tags/rust\" class=\"mention hashtag\" rel=\"tag\">#<span>Rust</span></a> #go &#39;q&#39; \
        <a href=\"https://x.example/?a&amp;b\" rel=\"nofollow noopener\">https://x.example/?a&amp;b</a></p>";
    assert_eq!(render(text, &targets), expected);
    assert_eq!(to_plain(&sanitize(expected)), "Hi @Bob & @bob <b>\n#Rust #go 'q' https://x.example/?a&b");
    assert_eq!(render("", &[]), "");
    let field = "<a href=\"https://me.example\" rel=\"me nofollow noopener\">https://me.example</a> &lt;";
    assert_eq!(render_field("https://me.example <"), field);
}

#[test]
fn nothing_of_others_runs_or_looks_like_ours() {
    for (html, expected) in [
        ("<p>a<script>alert(1)</script>b</p>", "<p>ab</p>"),
        ("<p onclick=\"x()\" style=\"color:red\" id=x class=x>a</p>", "<p>a</p>"),
        (
            "<a href=\"javascript:alert(1)\">a</a>",
            "<a target=\"_blank\" rel=\"nofollow noopener noreferrer\">a</a>",
        ),
        ("<a href=\"/local\">a</a>", "<a target=\"_blank\" rel=\"nofollow noopener noreferrer\">a</a>"),
        ("<img src=x onerror=alert(1)><svg><script>1</script></svg>b", "b"),
        ("<h1 class=big>T</h1><H6>t</H6><hr>", "<strong>T</strong><strong>t</strong>"),
        ("<span class=\"evil invisible x\">a</span>", "<span class=\"invisible\">a</span>"),
        ("<iframe src=x>a</iframe><form><input></form>", ""),
        ("a &amp;lt;script&gt; &lt;b", "a &amp;lt;script&gt; &lt;b"),
        ("<b>x", "<b>x</b>"),
    ] {
        assert_eq!(sanitize(html), expected, "{html}");
        assert_eq!(sanitize(expected), expected, "again: {html}");
    }
    let link = sanitize("<a href=\"https://a.example/?x\" class=\"mention x\" target=_self rel=me>a</a>");
    for part in [
        "href=\"https://a.example/?x\"",
        "class=\"mention\"",
        "target=\"_blank\"",
        "rel=\"nofollow noopener noreferrer\"",
    ] {
        assert!(link.contains(part), "{link}");
    }
    assert!(!link.contains("_self") && !link.contains("=\"me\""), "{link}");
    assert_eq!(sanitize(&"ö".repeat(6_000)).chars().count(), 5_000);
    assert!(!sanitize(&"<b>".repeat(1_600)).contains('<'));
}

#[test]
fn text_is_what_is_read() {
    for (html, text) in [
        ("<p>a</p><p>b<br>c</p>", "a\nb\nc"),
        ("<ul><li>x</li><li>y</li></ul>", "x\ny"),
        ("a &amp;amp; &lt;b&gt;&nbsp;c", "a &amp; <b> c"),
        ("<p>@<span>bob</span></p>", "@bob"),
        ("<style>x</style>a<script>b</script>", "a"),
        ("<pre>a</pre>b", "a\nb"),
    ] {
        assert_eq!(to_plain(html), text, "{html}");
    }
}
