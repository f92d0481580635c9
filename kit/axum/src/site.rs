//! A site's files: script, WASM, style, pictures. Inside the binary, or in the folder where
//! `cargo leptos` puts them.

mod files;
mod response;

use std::{fmt, sync::Arc};

use axum::{
    body::{Body, Bytes},
    extract::Request,
    http::{HeaderMap, HeaderValue, Response, header},
};
use leptos::config::LeptosOptions;
use monban_leptos::server::Assets;
use rust_embed::RustEmbed;

use self::{
    files::{Embedded, File, Files, Nothing, OnDisk},
    response::{About, Asked, respond},
};
use crate::http::request::text;

/// A hashed name never stands for other content (RFC 8246).
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// What every browser asks for, whether a page names it or not.
const ICON: &str = "favicon.ico";
const A_DAY: HeaderValue = HeaderValue::from_static("public, max-age=86400");
/// A plain name stands for whatever was built last.
const REVALIDATE: HeaderValue = HeaderValue::from_static("no-cache");

/// Encodings that files come in already, the best first.
const ENCODINGS: [(&str, &str); 2] = [("br", "br"), ("gzip", "gz")];

/// What is on every site, unless the site has a file of that name: what mends a page that something
/// else has changed, the style of the API's reference, and an icon.
static OWN: [(&str, &[u8]); 3] = [
    ("mend.js", include_bytes!("../assets/mend.js")),
    ("reference.css", include_bytes!("../assets/reference.css")),
    (ICON, include_bytes!("../assets/favicon.ico")),
];

/// The site's files. They are the same for everybody: no session is looked up for them. The default has
/// none but those of the kit.
#[derive(Clone)]
pub struct Site {
    files: Arc<dyn Files>,
    /// What `cargo leptos` calls the files that it builds, without their endings.
    name: Arc<str>,
}

impl Site {
    /// The files inside the binary: `E` is a struct that derives [`RustEmbed`], `name` the
    /// `output-name` of `[package.metadata.leptos]`. A debug build reads them from disk.
    pub fn embedded<E: RustEmbed + Send + Sync + 'static>(name: &str) -> Self {
        Self {
            files: Arc::new(Embedded(std::marker::PhantomData::<E>)),
            name: name.into(),
        }
    }

    /// The files in the `site-root` of these options, where `cargo leptos` puts them.
    pub fn on_disk(options: &LeptosOptions) -> Self {
        Self {
            files: Arc::new(OnDisk(options.site_root.clone())),
            name: options.output_name.clone(),
        }
    }

    /// What `cargo leptos` calls the files that it builds.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether the site was built: a program that was compiled before the site was has none.
    pub fn is_built(&self) -> bool {
        self.files.list().iter().any(|path| ends_in(path, "wasm"))
    }

    /// Where the script, the WASM and the style of this build are.
    pub(crate) fn assets(&self) -> Assets {
        let files = self.files.list();
        // The newest `pkg/<name>[.<hash>].<extension>`.
        let find = |extension: &str| {
            let begin = format!("pkg/{}", self.name);
            files
                .iter()
                .filter(|path| path.starts_with(&begin) && ends_in(path, extension))
                .max_by_key(|path| self.files.written(path))
                .map_or_else(
                    || format!("/pkg/{}.{extension}", self.name),
                    |path| format!("/{path}"),
                )
        };
        Assets {
            css: find("css"),
            js: find("js"),
            wasm: find("wasm"),
            split: files
                .iter()
                .find(|path| path.starts_with("pkg/__wasm_split.") && ends_in(path, "js"))
                .map(|path| format!("/{path}")),
        }
    }

    /// The file that is asked for, encoded as the client likes it best; `None` if there is none.
    pub(crate) fn respond(&self, request: &Request) -> Option<Response<Body>> {
        request
            .method()
            .is_safe()
            .then(|| {
                let asked = Asked {
                    method: request.method(),
                    headers: request.headers(),
                };
                self.find(request.uri().path(), asked)
            })
            .flatten()
    }

    /// The file at this path.
    fn find(&self, path: &str, asked: Asked<'_>) -> Option<Response<Body>> {
        let path = path.strip_prefix('/')?;
        if path.is_empty() || is_encoded(path) {
            return None;
        }
        let own = || OWN.iter().find(|(name, _)| *name == path);
        let plain = self.files.read(path);
        let plain =
            plain.or_else(|| own().and_then(|(_, file)| File::new(Bytes::from_static(file))))?;
        let encoded = ENCODINGS
            .iter()
            .filter(|(encoding, _)| accepts(asked.headers, encoding))
            .find_map(|(encoding, suffix)| {
                Some((*encoding, self.files.read(&format!("{path}.{suffix}"))?))
            });
        let (encoding, file) = match encoded {
            Some((encoding, file)) => (Some(encoding), file),
            None => (None, plain),
        };
        Some(respond(asked, about(path, encoding), file))
    }
}

impl Default for Site {
    fn default() -> Self {
        Self {
            files: Arc::new(Nothing),
            name: "app".into(),
        }
    }
}

impl fmt::Debug for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Site").field(&self.name).finish()
    }
}

/// What is known of the file at that path without reading it.
fn about(path: &str, encoding: Option<&'static str>) -> About {
    let mime = mime_guess::from_path(path).first_or_octet_stream();
    About {
        content_type: HeaderValue::from_str(mime.essence_str()).ok(),
        cache_control: match path {
            ICON => A_DAY,
            _ if is_hashed(path) => IMMUTABLE,
            _ => REVALIDATE,
        },
        encoding,
    }
}

/// Whether the name carries a hash of the content: `monban.<hash>.js`.
fn is_hashed(path: &str) -> bool {
    path.starts_with("pkg/")
        && path
            .rsplit('/')
            .next()
            .is_some_and(|name| name.split('.').count() > 2)
}

fn is_encoded(path: &str) -> bool {
    ENCODINGS.iter().any(|(_, suffix)| ends_in(path, suffix))
}

/// Whether that is what stands behind the last dot of the path.
fn ends_in(path: &str, extension: &str) -> bool {
    path.rsplit_once('.')
        .is_some_and(|(_, last)| last == extension)
}

fn accepts(request: &HeaderMap, encoding: &str) -> bool {
    let accepted = text(request, header::ACCEPT_ENCODING);
    accepted.is_some_and(|accepted| {
        accepted.split(',').any(|item| {
            let mut parts = item.split(';').map(str::trim);
            parts.next() == Some(encoding) && !parts.any(|part| part == "q=0")
        })
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use axum::http::Method;

    use super::*;

    fn find(site: &Site, path: &str, headers: &HeaderMap) -> Option<Response<Body>> {
        let method = &Method::GET;
        site.find(path, Asked { method, headers })
    }

    #[test]
    fn an_encoding_is_used_only_if_it_is_accepted() {
        let headers = |value: &'static str| {
            HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(value))])
        };
        assert!(accepts(&headers("gzip, deflate, br;q=0.9"), "br"));
        assert!(!accepts(&headers("gzip, br;q=0"), "br"));
        assert!(!accepts(&headers("brotli"), "br"));
        assert!(!accepts(&HeaderMap::new(), "gzip"));
    }

    #[test]
    fn only_a_hashed_name_is_immutable() {
        assert!(is_hashed("pkg/monban.Abc123.wasm"));
        assert!(!is_hashed("pkg/monban.wasm"));
        assert!(!is_hashed("favicon.svg"));
    }

    #[test]
    fn files_are_read_from_the_folder_and_from_nowhere_else() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("site");
        fs::create_dir_all(root.join("pkg")).unwrap();
        for (name, content) in [
            ("site/pkg/notes.js", "js"),
            ("site/pkg/notes.wasm", "wasm"),
            ("site/pkg/notes.wasm.br", "smaller"),
            ("site/.env", "hidden"),
            ("secret", "outside"),
        ] {
            fs::write(folder.path().join(name), content).unwrap();
        }
        let options = LeptosOptions::builder()
            .output_name("notes")
            .site_root(root.display().to_string())
            .build();
        let site = Site::on_disk(&options);
        assert!(site.is_built());
        assert_eq!(site.assets().wasm, "/pkg/notes.wasm");
        assert_eq!(site.assets().css, "/pkg/notes.css", "not there, and named");
        let found = |path: &str| find(&site, path, &HeaderMap::new()).is_some();
        assert!(found("/pkg/notes.js"));
        for path in [
            "/",
            "/pkg",
            "/.env",
            "/../secret",
            "/pkg/../../secret",
            "//pkg/notes.js",
        ] {
            assert!(!found(path), "{path}");
        }
        let brotli =
            HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static("br"))]);
        let file = find(&site, "/pkg/notes.wasm", &brotli).unwrap();
        assert_eq!(file.headers()[header::CONTENT_ENCODING], "br");
        assert_eq!(file.headers()[header::CONTENT_TYPE], "application/wasm");
    }

    #[test]
    fn a_file_has_another_tag_once_it_has_another_content_or_encoding() {
        let folder = tempfile::tempdir().unwrap();
        let written = |name: &str, content: &str| {
            fs::write(folder.path().join(name), content).unwrap();
        };
        written("a.js", "one");
        written("a.js.br", "1");
        let options = LeptosOptions::builder()
            .output_name("notes")
            .site_root(folder.path().display().to_string())
            .build();
        let brotli =
            HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static("br"))]);
        for site in [Site::on_disk(&options), Site::default()] {
            let tag = |path, headers| {
                find(&site, path, headers).map(|file| file.headers()[header::ETAG].clone())
            };
            let plain = HeaderMap::new();
            assert!(tag("/mend.js", &plain).is_some() && tag("/a.css", &plain).is_none());
            assert_ne!(tag("/mend.js", &plain), tag("/reference.css", &plain));
            let Some(first) = tag("/a.js", &plain) else {
                continue;
            };
            assert_eq!(tag("/a.js", &plain), Some(first.clone()));
            assert_ne!(tag("/a.js", &brotli), Some(first.clone()));
            written("a.js", "other");
            assert_ne!(tag("/a.js", &plain), Some(first));
        }
    }
}
