//! The learning pages.

mod flows;
mod sandbox;
