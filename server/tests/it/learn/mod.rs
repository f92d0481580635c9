//! The learning pages.

mod flows;
