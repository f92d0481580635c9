//! What a page looks like as it leaves the server, for the browser to compare.
//!
//! Hydration takes the server's nodes one by one, and one that a proxy or an extension put between them breaks it:
//! extensions, password managers and translators do. So `<body>` says what was sent, and the page's
//! script compares before it hydrates (`kit/leptos/src/server/start.js`).
//!
//! `a.brand(svg(…)#!)`: an element with its first class and its children, a text, a comment. The part
//! of `<head>` that is hydrated comes first, then a `|`, then the body. What has the attribute
//! `data-raw` is not hydrated, and its children are not named.

use axum::{
    body::{Body, to_bytes},
    http::{Response, header},
};

/// Where the part of the head that hydration takes begins (`leptos_meta`).
const HEAD: &str = "<!--HEAD-->";
const BODY: &str = "<body>";
/// Elements without an end (WHATWG HTML §13.1.2).
const VOID: [&str; 13] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr",
];
/// Elements that hold text alone; in `noscript` that is so where scripts run (§13.2.6.4.7).
const TEXT: [&str; 5] = ["noscript", "script", "style", "textarea", "title"];

/// Writes the shape of a page into it. Pages are rendered whole before their first byte is sent, so
/// there is nothing to wait for.
pub async fn describe(response: Response<Body>) -> Response<Body> {
    let html = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if !html {
        return response;
    }
    let (head, body) = response.into_parts();
    // It was made in memory, and does not fail.
    let page = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let described = std::str::from_utf8(&page).ok().and_then(with_shape);
    Response::from_parts(head, described.map_or_else(|| page.into(), Body::from))
}

fn with_shape(page: &str) -> Option<String> {
    let (before, body) = page.split_once(BODY)?;
    let head = before
        .find(HEAD)
        .map_or("", |start| before.get(start..).unwrap_or_default());
    let mut shape = String::with_capacity(page.len() / 8);
    Walk::new(head, &mut shape).children("head");
    shape.push('|');
    Walk::new(body, &mut shape).children("body");
    Some([before, "<body data-shape=\"", &shape, "\">", body].concat())
}

/// Goes through HTML that this server made: well-formed, with quotes around what needs them.
struct Walk<'a> {
    rest: &'a str,
    shape: &'a mut String,
    /// How many of the elements around are not named.
    raw: usize,
}

impl<'a> Walk<'a> {
    const fn new(rest: &'a str, shape: &'a mut String) -> Self {
        Self {
            rest,
            shape,
            raw: 0,
        }
    }

    /// What is in an element, up to and with its end.
    fn children(&mut self, parent: &str) {
        let mut open = vec![parent];
        while !self.rest.is_empty() && !open.is_empty() {
            if let Some(rest) = self.rest.strip_prefix("</") {
                self.rest = after(rest, ">");
                open.pop();
                if !open.is_empty() {
                    self.end();
                }
            } else if let Some(rest) = self.rest.strip_prefix("<!") {
                let end = if rest.starts_with("--") { "-->" } else { ">" };
                self.rest = after(rest, end);
                self.say("!");
            } else if let Some(rest) = self.rest.strip_prefix('<') {
                open.extend(self.element(rest));
            } else {
                self.rest = self.rest.find('<').map_or("", |at| &self.rest[at..]);
                self.say("#");
            }
        }
    }

    /// An element's start; answers its name if there are children to come.
    fn element(&mut self, tag: &'a str) -> Option<&'a str> {
        let name = &tag[..tag.find([' ', '>', '/']).unwrap_or(tag.len())];
        let (attributes, closed) = self.attributes(&tag[name.len()..]);
        self.say(name);
        if let Some(class) = first_class(attributes) {
            self.say(".");
            self.say(class);
        }
        self.say("(");
        if self.raw > 0 || attributes.contains("data-raw") {
            self.raw += 1;
        }
        if closed || VOID.contains(&name) {
            self.end();
            return None;
        }
        if TEXT.contains(&name) {
            let end = ["</", name].concat();
            let text = self.rest.find(&end).unwrap_or(self.rest.len());
            if text > 0 {
                self.say("#");
            }
            self.rest = after(&self.rest[text..], ">");
            self.end();
            return None;
        }
        Some(name)
    }

    /// The attributes of a tag, and whether it closes itself. Goes on behind it.
    fn attributes(&mut self, tag: &'a str) -> (&'a str, bool) {
        let mut quoted = false;
        let end = tag.find(|c| {
            quoted ^= c == '"';
            c == '>' && !quoted
        });
        let end = end.unwrap_or(tag.len());
        self.rest = tag.get(end + 1..).unwrap_or_default();
        (&tag[..end], tag[..end].ends_with('/'))
    }

    fn say(&mut self, what: &str) {
        if self.raw == 0 {
            self.shape.push_str(what);
        }
    }

    fn end(&mut self) {
        self.raw = self.raw.saturating_sub(1);
        self.say(")");
    }
}

fn after<'a>(text: &'a str, mark: &str) -> &'a str {
    text.split_once(mark).map_or("", |(_, rest)| rest)
}

/// Extensions add classes and take none away.
fn first_class(attributes: &str) -> Option<&str> {
    let (_, value) = attributes.split_once(" class=\"")?;
    let class = value.split(['"', ' ']).next()?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    (!class.is_empty() && class.bytes().all(plain)).then_some(class)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(body: &str) -> String {
        let page = format!("<html><head></head><body>{body}</body></html><script>x</script>");
        let described = with_shape(&page).unwrap();
        let (_, rest) = described.split_once("data-shape=\"|").unwrap();
        let (shape, rest) = rest.split_once("\">").unwrap();
        assert!(rest.starts_with(body), "the page itself stays");
        shape.to_owned()
    }

    #[test]
    fn elements_texts_and_comments_are_named_in_their_order() {
        assert_eq!(
            shape(
                "<!--<() />--><a href=\"/x>y\" class=\"brand dark\">Hi<!></a> <input required><p></p>"
            ),
            "!a.brand(#!)#input()p()"
        );
        assert_eq!(shape("<svg><path d=\"M0\"/></svg>"), "svg(path())");
    }

    #[test]
    fn what_holds_text_alone_is_not_read_as_elements() {
        assert_eq!(
            shape("<noscript><p>a</p></noscript><title></title><textarea>a<b</textarea><i></i>"),
            "noscript(#)title()textarea(#)i()"
        );
    }

    #[test]
    fn what_is_not_hydrated_is_not_named() {
        assert_eq!(
            shape("<div data-raw class=\"prose\"><p>a<br></p><p>b</p></div><p>c</p>"),
            "div.prose()p(#)"
        );
    }

    #[test]
    fn a_class_that_would_break_the_attribute_is_left_out() {
        assert_eq!(
            shape("<p class=\"a&quot;b\"></p><p class=\"\"></p>"),
            "p()p()"
        );
    }

    #[test]
    fn of_the_head_the_part_that_is_hydrated_is_named() {
        let page =
            "<head><meta><!--HEAD--><link href=\"x\"><title>T</title><!></head><body></body>";
        assert_eq!(
            with_shape(page).unwrap(),
            "<head><meta><!--HEAD--><link href=\"x\"><title>T</title><!></head><body data-shape=\"!link()title(#)!|\"></body>"
        );
    }

    #[test]
    fn what_is_no_page_stays_as_it_is() {
        assert_eq!(with_shape("<p>no body"), None);
        assert_eq!(with_shape(""), None);
        // Cut off anywhere, it ends.
        let page = "<body><a class=\"b\">c<!--d--><input></a></body>";
        for end in 6..page.len() {
            assert!(with_shape(&page[..end]).is_some());
        }
    }
}
