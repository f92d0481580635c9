//! `/learn/flows`.

use leptos::prelude::*;

use super::{Lesson, Prose, Topic};
use crate::lazy::lazy_view;

lazy_view!(
    flows_page,
    learn_flows,
    view! {
        <Lesson topic=Topic::Flows>
            <Prose topic=Topic::Flows section=""/>
        </Lesson>
    }
);
