//! The measurement of the ways to check a request, for the page.

use std::time::Duration;

use monban_leptos::{error::AppError, server::RequestContext};

use super::{Learning, measure::Measurement};
use crate::MeasurementView;

/// Measures every way. Without a script nothing is measured, and the visitor is led back to the page.
pub(crate) async fn measure_checks(
    request: &RequestContext,
) -> Result<Vec<MeasurementView>, AppError> {
    if request.page {
        // The page cannot show the result without a script.
        request.go_to("/learn/compare");
        return Ok(Vec::new());
    }
    let learning = Learning::find()?;
    let algorithm = request.auth.rules().keys.algorithm;
    let sandbox = learning.sandbox();
    let measured = sandbox.measure(algorithm, &request.client.ip).await?;
    Ok(measured.iter().map(measurement_view).collect())
}

fn measurement_view(measured: &Measurement) -> MeasurementView {
    let figures = &measured.figures;
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let nanos = |time: Duration| u32::try_from(time.as_nanos()).unwrap_or(u32::MAX);
    MeasurementView {
        way: measured.candidate.code().to_owned(),
        headers: measured.sent.headers.to_owned(),
        bytes: count(measured.sent.bytes),
        checks: count(figures.checks),
        p50: nanos(figures.p50),
        p95: nanos(figures.p95),
        p99: nanos(figures.p99),
        mean: nanos(figures.mean),
        histogram: figures.histogram.counts().to_vec(),
    }
}
