//! What the learning pages ask of the server.

mod compare;
mod other_site;
mod prose;
mod recorded;
pub(crate) mod session;
mod timeline;
pub(crate) mod token;

pub(crate) use self::{compare::measure_checks, prose::prose, recorded::recorded_flows};
pub use self::{other_site::other_site_document, timeline::Timeline};
