//! The result of a measurement as a table.

use leptos::prelude::*;

use super::{MeasurementView, micros, name};
use crate::i18n::t;

/// The table. On a narrow screen it scrolls sideways, also by the keyboard.
#[component]
pub(super) fn Figures(measured: Vec<MeasurementView>) -> impl IntoView {
    view! {
        <div class="wide" role="region" tabindex="0" aria-label=t!(compare.figures)>
            <table class="figures">
                <caption>{t!(compare.figures)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t!(compare.way)}</th>
                        <th scope="col">"p50"</th>
                        <th scope="col">"p95"</th>
                        <th scope="col">"p99"</th>
                        <th scope="col">{t!(compare.mean)}</th>
                        <th scope="col">{t!(compare.checks)}</th>
                        <th scope="col">{t!(compare.bytes)}</th>
                        <th scope="col">{t!(compare.headers)}</th>
                    </tr>
                </thead>
                <tbody>
                    {measured.into_iter().map(|way| view! {
                        <tr>
                            <th scope="row">{name(&way.way)}</th>
                            <td>{micros(way.p50)}</td>
                            <td>{micros(way.p95)}</td>
                            <td>{micros(way.p99)}</td>
                            <td>{micros(way.mean)}</td>
                            <td>{way.checks}</td>
                            <td>{way.bytes}</td>
                            <td><code>{way.headers}</code></td>
                        </tr>
                    }).collect_view()}
                </tbody>
            </table>
        </div>
    }
}
