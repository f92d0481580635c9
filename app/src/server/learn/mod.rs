//! What the learning pages ask of the server.

mod prose;
pub(crate) mod session;
mod timeline;
pub(crate) mod token;

pub(crate) use self::prose::prose;
pub use self::timeline::Timeline;
