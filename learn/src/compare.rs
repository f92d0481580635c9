//! `/learn/compare`: whether a site needs JWTs, by what each alternative costs on this machine.

mod chart;
mod figures;

use leptos::{form::ActionForm, prelude::*};
use serde::{Deserialize, Serialize};

use self::{chart::Chart, figures::Figures};
use super::{Lesson, NeedsScript, Prose, Topic};
use crate::i18n::t;
use monban_leptos::{
    error::AppError,
    form::{SubmitButton, error_text},
};

/// The measured cost of one way to check a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeasurementView {
    /// The code of the way.
    pub way: String,
    /// The headers that its credential travels in.
    pub headers: String,
    /// Their names and values, in bytes.
    pub bytes: u32,
    /// The number of measured checks.
    pub checks: u32,
    /// The 50th percentile, in nanoseconds.
    pub p50: u32,
    /// The 95th percentile, in nanoseconds.
    pub p95: u32,
    /// The 99th percentile, in nanoseconds.
    pub p99: u32,
    /// The mean, in nanoseconds.
    pub mean: u32,
    /// The number of checks in each bucket of a logarithmic scale from 100 ns to 100 ms.
    pub histogram: Vec<u32>,
}

/// Measures every way with credentials that are made for it. Takes up to two seconds, and is refused as
/// busy too soon after the last measurement. Only a script can draw the result, so a form that is posted
/// without one leads back to the page.
#[server(prefix = "/api/learn", endpoint = "measure_checks")]
pub async fn measure_checks() -> Result<Vec<MeasurementView>, AppError> {
    let request = monban_leptos::server::request()?;
    request.respond(crate::server::measure_checks(&request).await)
}

#[component]
pub(super) fn ComparePage() -> impl IntoView {
    view! {
        <Lesson topic=Topic::Compare>
            <Prose topic=Topic::Compare section=""/>
            <Prose topic=Topic::Compare section="ways"/>
            <Measure/>
            <Prose topic=Topic::Compare section="reading"/>
            <Prose topic=Topic::Compare section="properties"/>
            <Prose topic=Topic::Compare section="decide"/>
            <Prose topic=Topic::Compare section="half"/>
        </Lesson>
    }
}

#[component]
fn Measure() -> impl IntoView {
    let action = ServerAction::<MeasureChecks>::new();
    let (value, version, pending) = (action.value(), action.version(), action.pending());
    // Version 0 has a value if the address has `__err`, which any link can contain.
    let outcome = Signal::derive(move || value.get().filter(|_| version.get() > 0));
    // The last result stays while the next measurement runs, or if it is refused.
    let measured = Memo::new(
        move |before: Option<&Vec<MeasurementView>>| match outcome.get() {
            Some(Ok(measured)) => measured,
            _ => before.cloned().unwrap_or_default(),
        },
    );
    let status = move || match outcome.get() {
        _ if pending.get() => t!(compare.measuring).to_owned(),
        None => String::new(),
        Some(Ok(measured)) => {
            let checks: u32 = measured.iter().map(|way| way.checks).sum();
            t!(compare.measured, ways = measured.len(), checks = checks).to_string()
        }
        Some(Err(AppError::Busy)) => t!(compare.busy).to_owned(),
        Some(Err(error)) => error_text(&error),
    };
    view! {
        <section class="panel" aria-labelledby="measure-here">
            <h2 id="measure-here">{t!(compare.here)}</h2>
            <p>{t!(compare.lead)}</p>
            <NeedsScript/>
            <ActionForm action=action>
                <SubmitButton
                    pending=pending.into()
                    label=t!(compare.measure)
                    on:click=move |click| if pending.get_untracked() { click.prevent_default() }
                />
            </ActionForm>
            <p role="status">{status}</p>
            <div aria-busy=move || pending.get().to_string()>
                {move || {
                    let measured = measured.get();
                    (!measured.is_empty()).then(|| view! { <Measured measured/> })
                }}
            </div>
        </section>
    }
}

/// The result as charts, and as a table.
#[component]
fn Measured(measured: Vec<MeasurementView>) -> impl IntoView {
    view! {
        <p class="hint">{t!(compare.scale)}</p>
        <div class="ways" aria-hidden="true">
            {measured.iter().map(|way| view! { <Chart way/> }).collect_view()}
        </div>
        <Figures measured/>
    }
}

/// The name of a way.
fn name(way: &str) -> String {
    match way {
        "jwt" => t!(compare.jwt),
        "jwt_denylist" => t!(compare.jwt_denylist),
        "jwt_remembered" => t!(compare.jwt_remembered),
        "session_sqlite" => t!(compare.session_sqlite),
        "api_key_sqlite" => t!(compare.api_key_sqlite),
        other => other,
    }
    .to_owned()
}

/// Nanoseconds as microseconds, with three significant digits.
fn micros(nanos: u32) -> String {
    let (whole, rest) = (nanos / 1_000, nanos % 1_000);
    match whole {
        0..=9 => format!("{whole}.{:02}", rest / 10),
        10..=99 => format!("{whole}.{}", rest / 100),
        100..=999 => whole.to_string(),
        _ => format!("{},{:03}", whole / 1_000, whole % 1_000),
    }
}

#[cfg(test)]
mod tests {
    use super::micros;

    #[test]
    fn microseconds_have_three_significant_digits() {
        for (nanos, text) in [
            (0, "0.00"),
            (87, "0.08"),
            (999, "0.99"),
            (4_129, "4.12"),
            (41_290, "41.2"),
            (412_900, "412"),
            (4_129_000, "4,129"),
            (1_002_000, "1,002"),
        ] {
            assert_eq!(micros(nanos), text);
        }
    }
}
