//! A codemod's explanation as HTML: its Markdown, the links behind it, its tags. A codemod may be anybody's, so nothing
//! in its text becomes markup of the page: HTML in it is shown as text, images are their words, and links lead to the web
//! or nowhere.

use std::fmt::Write as _;

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use crate::report::{about::About, escape};

/// What a person reads who asks why: description, references, tags.
pub fn explain(about: &About) -> String {
    let mut shown = markdown(&about.description);
    if !about.references.is_empty() {
        shown.push_str("<h4>References</h4>\n<ul>\n");
        for reference in &about.references {
            let name = text(reference);
            let item =
                link(reference).map_or_else(|| name.clone(), |start| format!("{start}{name}</a>"));
            writeln!(shown, "<li>{item}</li>").expect("writing to a string cannot fail");
        }
        shown.push_str("</ul>\n");
    }
    if !about.tags.is_empty() {
        let tags: Vec<String> = about.tags.iter().map(|tag| text(tag)).collect();
        writeln!(shown, "<p class=\"tags\">Tags: {}</p>", tags.join(", "))
            .expect("writing to a string cannot fail");
    }
    shown
}

/// Text as HTML shows it literally, in content and in quoted attributes; invisible characters are spelled out.
pub fn text(text: &str) -> String {
    escape::block(text)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

fn markdown(source: &str) -> String {
    let source = escape::block(source);
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut shown = String::with_capacity(source.len() * 3 / 2);
    html::push_html(
        &mut shown,
        Parser::new_ext(&source, options).filter_map(harmless),
    );
    shown
}

/// The event, or one that shows the same and cannot do anything.
fn harmless(event: Event<'_>) -> Option<Event<'_>> {
    Some(match event {
        Event::Html(html) | Event::InlineHtml(html) => Event::Text(html),
        Event::Start(Tag::HtmlBlock) => Event::Start(Tag::Paragraph),
        Event::End(TagEnd::HtmlBlock) => Event::End(TagEnd::Paragraph),
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => return None,
        Event::Start(Tag::Link { dest_url, .. }) => Event::InlineHtml(CowStr::from(
            link(&dest_url).unwrap_or_else(|| "<a>".to_owned()),
        )),
        // The page's own headings go down to the finding's.
        Event::Start(Tag::Heading { level, .. }) => Event::Start(Tag::Heading {
            level: below(level),
            id: None,
            classes: Vec::new(),
            attrs: Vec::new(),
        }),
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(below(level))),
        event => event,
    })
}

/// The start tag of a link to a page of the web; `None` for any other address.
fn link(address: &str) -> Option<String> {
    let is_web = ["https://", "http://"].iter().any(|scheme| {
        address
            .get(..scheme.len())
            .is_some_and(|s| s.eq_ignore_ascii_case(scheme))
    });
    is_web.then(|| {
        let address = text(address);
        format!("<a href=\"{address}\" target=\"_blank\" rel=\"noopener noreferrer\">")
    })
}

fn below(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 | HeadingLevel::H2 => HeadingLevel::H4,
        HeadingLevel::H3 => HeadingLevel::H5,
        _ => HeadingLevel::H6,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_becomes_html_below_the_headings_of_the_page() {
        assert_eq!(
            markdown("## What it finds\nA `x < y`.\n\n```go\nif a < b {\n}\n```\n"),
            "<h4>What it finds</h4>\n<p>A <code>x &lt; y</code>.</p>\n\
             <pre><code class=\"language-go\">if a &lt; b {\n}\n</code></pre>\n"
        );
    }

    #[test]
    fn nothing_in_a_text_becomes_markup() {
        for hostile in [
            "<script>alert(1)</script>\n\nx",
            "a <img src=x onerror=alert(1)> b",
            "<div onclick='x'>\n\n</div>",
            "<!-- -->",
            "![alt](https://example.com/a.png)",
            "```\"><script>x\ny\n```",
            "# a {onclick=x}",
            "</template><script>x</script>",
        ] {
            let shown = markdown(hostile);
            for start in shown.split('<').skip(1) {
                let name = start.trim_start_matches('/');
                let plain = [
                    "p>",
                    "pre>",
                    "code>",
                    "code class=\"language-&quot;&gt;&lt;script&gt;x\">",
                    "h4>",
                ];
                assert!(plain.iter().any(|tag| name.starts_with(tag)), "{shown}");
            }
        }
        assert_eq!(markdown("a\u{202e}b"), "<p>a\\u{202e}b</p>\n");
    }

    #[test]
    fn links_lead_to_the_web_or_nowhere() {
        let shown = markdown(
            "[a](https://go.dev/?a=1&b=\"2\") [b](javascript:alert) <JavaScript:x> [c](data:text/html,x)",
        );
        assert_eq!(
            shown,
            "<p><a href=\"https://go.dev/?a=1&amp;b=&quot;2&quot;\" target=\"_blank\" rel=\"noopener noreferrer\">a</a> \
             <a>b</a> <a>JavaScript:x</a> <a>c</a></p>\n"
        );
    }

    #[test]
    fn references_and_tags_follow() {
        let mut about = crate::report::fixture::about();
        about.references.push("javascript:x".to_owned());
        about.tags = vec!["<b>".to_owned()];
        assert_eq!(
            explain(&about),
            "<h4>What it finds</h4>\n<p>One.</p>\n<h4>References</h4>\n<ul>\n\
             <li><a href=\"https://pkg.go.dev/context#WithCancel\" target=\"_blank\" rel=\"noopener noreferrer\">\
             https://pkg.go.dev/context#WithCancel</a></li>\n<li>javascript:x</li>\n</ul>\n<p class=\"tags\">Tags: &lt;b&gt;</p>\n"
        );
    }
}
