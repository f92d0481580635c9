//! The learning pages.

mod attacks;
mod exchanges;
mod flows;
mod sandbox;
