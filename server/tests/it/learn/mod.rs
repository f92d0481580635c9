//! The learning pages.

mod attacks;
mod exchanges;
mod flows;
mod other_site;
mod sandbox;
