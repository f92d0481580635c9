//! `/learn/session`.

use leptos::prelude::*;

use super::{Lesson, Prose, Topic};
use crate::lazy::lazy_view;

lazy_view!(
    session_page,
    learn_session,
    view! {
        <Lesson topic=Topic::Session>
            <Prose topic=Topic::Session section=""/>
        </Lesson>
    }
);
