//! Where a site's files come from: the binary, a folder, or nowhere.

use std::{
    borrow::Cow,
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    marker::PhantomData,
    path::Path,
    sync::Arc,
    time::UNIX_EPOCH,
};

use axum::body::Bytes;
use headers::ETag;
use rust_embed::RustEmbed;

/// Where files come from. Paths have no slash in front.
pub(super) trait Files: Send + Sync {
    fn read(&self, path: &str) -> Option<File>;
    fn list(&self) -> Vec<String>;
    /// When the file was written, in seconds of Unix time.
    fn written(&self, path: &str) -> Option<u64>;
}

/// A file that was read.
pub(super) struct File {
    pub(super) content: Bytes,
    /// Names this content among all that ever stood at its path.
    pub(super) etag: ETag,
}

impl File {
    /// A file of this content, whose hash is not known yet.
    pub(super) fn new(content: Bytes) -> Option<Self> {
        let mut hasher = DefaultHasher::new();
        content.hash(&mut hasher);
        Self::hashed(content, hasher.finish().into())
    }

    fn hashed(content: Bytes, hash: u128) -> Option<Self> {
        let etag = format!("\"{hash:x}\"").parse().ok()?;
        Some(Self { content, etag })
    }
}

/// Those inside the binary.
pub(super) struct Embedded<E>(pub(super) PhantomData<E>);

impl<E: RustEmbed + Send + Sync> Files for Embedded<E> {
    fn read(&self, path: &str) -> Option<File> {
        let file = E::get(path)?;
        let hash = u128::from_be_bytes(*file.metadata.sha256_hash().first_chunk()?);
        let content = match file.data {
            Cow::Borrowed(inside) => Bytes::from_static(inside),
            Cow::Owned(read) => read.into(),
        };
        File::hashed(content, hash)
    }

    fn list(&self) -> Vec<String> {
        E::iter().map(|path| path.to_string()).collect()
    }

    fn written(&self, path: &str) -> Option<u64> {
        E::get(path)?.metadata.last_modified()
    }
}

/// Those in that folder.
pub(super) struct OnDisk(pub(super) Arc<str>);

impl Files for OnDisk {
    fn read(&self, path: &str) -> Option<File> {
        // No way out of the folder, and none to what is hidden in it.
        let plain = |part: &str| !part.is_empty() && !part.starts_with('.') && !part.contains('\\');
        let path = path
            .split('/')
            .all(plain)
            .then(|| Path::new(&*self.0).join(path))?;
        path.is_file()
            .then(|| fs::read(path).ok())?
            .and_then(|read| File::new(read.into()))
    }

    fn list(&self) -> Vec<String> {
        let root = Path::new(&*self.0);
        let mut found = Vec::new();
        list_in(root, root, &mut found);
        found
    }

    fn written(&self, path: &str) -> Option<u64> {
        let file = fs::metadata(Path::new(&*self.0).join(path)).ok()?;
        let since = file.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
        Some(since.as_secs())
    }
}

/// Notes every file in that folder, by its path below the root.
fn list_in(root: &Path, folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            list_in(root, &path, found);
        } else if let Some(name) = path.strip_prefix(root).ok().and_then(Path::to_str) {
            found.push(name.to_owned());
        }
    }
}

/// None at all.
pub(super) struct Nothing;

impl Files for Nothing {
    fn read(&self, _: &str) -> Option<File> {
        None
    }

    fn list(&self) -> Vec<String> {
        Vec::new()
    }

    fn written(&self, _: &str) -> Option<u64> {
        None
    }
}
