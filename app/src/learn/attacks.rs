//! `/learn/attacks`.

use leptos::prelude::*;

use super::{Lesson, Prose, Topic};
use crate::lazy::lazy_view;

lazy_view!(
    attacks_page,
    learn_attacks,
    view! {
        <Lesson topic=Topic::Attacks>
            <Prose topic=Topic::Attacks section=""/>
        </Lesson>
    }
);
