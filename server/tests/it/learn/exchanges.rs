//! Asks for runs, and reads the exchanges of a run.

use std::time::Duration;

use monban_learn::sandbox::{ExchangeView, Participant, RowView};

use crate::{app::TestApp, browser::Answer};

/// Asks for a run, and again after the time to wait if the budget is used up: when it is depends on the
/// machine.
pub async fn run_when_allowed(app: &TestApp, function: &str, form: &[(&str, &str)]) -> Answer {
    loop {
        let answer = app.browser().call(function, form).await;
        if answer.status != 429 {
            return answer;
        }
        let wait = answer.header("retry-after").parse().unwrap();
        tokio::time::sleep(Duration::from_secs(wait)).await;
    }
}

/// Longer than anything harmless in a message, shorter than the signature of any algorithm here:
/// HS256's 43 characters are the shortest.
pub const SIGNATURE: usize = 43;

/// A summary of the exchanges: the sender, the request line and the status of each.
pub fn summary(exchanges: &[ExchangeView]) -> Vec<(Participant, &str, u16)> {
    exchanges
        .iter()
        .map(|exchange| {
            let request = exchange.request.line.trim_end_matches(" HTTP/1.1");
            (exchange.from, request, status(exchange))
        })
        .collect()
}

pub fn status(exchange: &ExchangeView) -> u16 {
    let status = exchange.response.line.split(' ').nth(1);
    status.and_then(|status| status.parse().ok()).unwrap_or(0)
}

/// The generations of the row before and after.
pub fn generations(exchange: &ExchangeView) -> (Option<i64>, Option<i64>) {
    let of = |row: &Option<RowView>| row.as_ref().map(|row: &RowView| row.generation);
    (of(&exchange.before), of(&exchange.after))
}

/// The reason why the session has ended.
pub fn ended(exchange: &ExchangeView) -> Option<&str> {
    exchange.after.as_ref()?.end_reason.as_deref()
}

pub fn header<'a>(exchange: &'a ExchangeView, name: &str) -> Vec<&'a str> {
    let headers = exchange.response.headers.iter();
    headers
        .filter(|(other, _)| other == name)
        .map(|(_, value)| value.as_str())
        .collect()
}

/// The generations and keys of the tokens that came back.
pub fn tokens(exchange: &ExchangeView) -> Vec<(&str, i64)> {
    let tokens = exchange.response.tokens.iter();
    tokens
        .map(|token| (token.kid.as_str(), token.generation))
        .collect()
}

pub fn longest_of_base64url(text: &str) -> &str {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_')))
        .max_by_key(|run| run.len())
        .unwrap()
}
