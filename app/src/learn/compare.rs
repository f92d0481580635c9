//! `/learn/compare`.

use leptos::prelude::*;

use super::{Lesson, Prose, Topic};
use crate::lazy::lazy_view;

lazy_view!(
    compare_page,
    learn_compare,
    view! {
        <Lesson topic=Topic::Compare>
            <Prose topic=Topic::Compare section=""/>
        </Lesson>
    }
);
