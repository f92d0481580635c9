//! What the learning pages ask of the server.

mod prose;

pub(crate) use self::prose::prose;
