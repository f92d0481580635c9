//! What the learning pages ask of the server.

mod compare;
mod prose;

pub(crate) use self::{compare::measure_checks, prose::prose};
