//! The learning pages.

mod attacks;
mod exchanges;
mod flows;
mod forgeries;
mod other_site;
mod recorded;
mod sandbox;
