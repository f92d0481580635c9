//! What the learning pages ask of the server.

mod compare;
mod prose;
mod recorded;
pub(crate) mod session;
mod timeline;
pub(crate) mod token;

pub use self::timeline::Timeline;
pub(crate) use self::{compare::measure_checks, prose::prose, recorded::recorded_flows};
