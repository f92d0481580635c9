//! What the learning pages ask of the server.

mod prose;
mod recorded;
pub(crate) mod session;
mod timeline;
pub(crate) mod token;

pub use self::timeline::Timeline;
pub(crate) use self::{prose::prose, recorded::recorded_flows};
