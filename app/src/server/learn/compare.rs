//! What ways to check a request cost here.

use std::time::Duration;

use monban_auth::compare::{MeasureError, Measurement};

use crate::{
    error::AppError,
    learn::MeasurementView,
    server::{RequestContext, failed},
};

pub(crate) async fn measure_checks(
    request: &RequestContext,
) -> Result<Vec<MeasurementView>, AppError> {
    if request.page {
        // Nobody would see it.
        request.go_to("/learn/compare");
        return Ok(Vec::new());
    }
    match request.auth.measure_checks().await {
        Ok(measured) => Ok(measured.iter().map(measurement_view).collect()),
        Err(MeasureError::Busy) => Err(AppError::Busy),
        Err(MeasureError::Auth(error)) => Err(failed(&error)),
    }
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
