//! `/learn/token`.

use leptos::prelude::*;

use super::{Lesson, Prose, Topic};
use crate::lazy::lazy_view;

lazy_view!(
    token_page,
    learn_token,
    view! {
        <Lesson topic=Topic::Token>
            <Prose topic=Topic::Token section=""/>
        </Lesson>
    }
);
