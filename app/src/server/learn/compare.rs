//! What ways to check a request cost here.

use std::{sync::Arc, time::Duration};

use monban_auth::compare::Measurement;

use crate::{error::AppError, learn::MeasurementView, server::RequestContext};

pub(crate) async fn measure_checks(
    request: &RequestContext,
) -> Result<Vec<MeasurementView>, AppError> {
    if request.page {
        // Nobody would see it.
        request.go_to("/learn/compare");
        return Ok(Vec::new());
    }
    let sandbox = request.sandbox.as_ref().ok_or(AppError::BadRequest)?;
    let auth = Arc::clone(&request.auth);
    let measured = sandbox.measure(auth, &request.client.ip).await?;
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
