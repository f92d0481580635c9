//! What the learning pages ask of the server.

mod prose;
mod recorded;
pub(crate) mod token;

pub(crate) use self::{prose::prose, recorded::recorded_flows};
