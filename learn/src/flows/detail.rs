//! What a step shows when it is opened: a message or the row, its source and its specification.

use leptos::{either::EitherOf3, prelude::*};

use super::step::{Shows, StepView};
use crate::{
    i18n::t,
    sandbox::{ExchangeView, MessageView, RowView, TokenView},
};

/// The details of a step: what it shows of these exchanges, its source and its RFC.
#[component]
pub(super) fn Detail(
    step: StepView,
    /// The exchanges of the recorded run, or of the visitor's.
    exchanges: RwSignal<Vec<ExchangeView>>,
) -> impl IntoView {
    let StepView {
        shows, source, rfc, ..
    } = step;
    let exchange = move || {
        let index = shows.exchange()?;
        exchanges.with(|exchanges| exchanges.get(index).cloned())
    };
    let shown = move || {
        exchange().map(|exchange| match shows {
            Shows::Row(_) => EitherOf3::A(row(exchange.before, exchange.after)),
            Shows::Request(_) => EitherOf3::B((waited(exchange.waited), message(exchange.request))),
            Shows::Response(_) | Shows::Nothing => EitherOf3::C(message(exchange.response)),
        })
    };
    view! {
        {shown}
        <p class="reading">
            <span class="source"><code>{source.path}</code>" "<code>{source.item}</code></span>
            " "
            <a href=rfc.url()>{format!("RFC {} §{}", rfc.number, rfc.section)}</a>
        </p>
    }
}

/// A line that says how far the sandbox's clock was moved, if it was.
pub(crate) fn waited(seconds: u64) -> impl IntoView {
    (seconds > 0).then(|| {
        let time = if seconds.is_multiple_of(60) {
            t!(flows.minutes, count = seconds / 60).to_string()
        } else {
            t!(flows.seconds, count = seconds).to_string()
        };
        view! { <p class="waited">{t!(flows.waited, time = time).to_string()}</p> }
    })
}

/// A request or a response, and what its tokens say.
pub(crate) fn message(message: MessageView) -> impl IntoView {
    let MessageView {
        line,
        headers,
        body,
        tokens,
    } = message;
    view! {
        <pre class="message">
            <code>
                <b>{line}"\n"</b>
                {headers.into_iter().map(|(name, value)| view! { <span>{name}": "</span>{value}"\n" }).collect_view()}
                {(!body.is_empty()).then(|| format!("\n{body}\n"))}
            </code>
        </pre>
        {(!tokens.is_empty()).then(|| view! {
            <ul class="tokens">{tokens.into_iter().map(token).collect_view()}</ul>
        })}
    }
}

/// What a token says about itself.
fn token(token: TokenView) -> impl IntoView {
    let TokenView {
        typ,
        kid,
        generation,
        life,
    } = token;
    let facts = t!(flows.token, generation = generation, life = life, kid = kid).to_string();
    view! { <li><code>{typ}</code>" "{facts}</li> }
}

/// The session's row before and after. What changed is marked.
pub(crate) fn row(before: Option<RowView>, after: Option<RowView>) -> impl IntoView {
    let is_new = before.is_none();
    let cells = |row: Option<RowView>| {
        row.map_or_else(Default::default, |row| {
            [
                row.generation.to_string(),
                row.rotated_at,
                row.generation_seen_at.unwrap_or_else(null),
                row.ended_at.unwrap_or_else(null),
                row.end_reason.unwrap_or_else(null),
            ]
        })
    };
    let columns = [
        "generation",
        "rotated_at",
        "generation_seen_at",
        "ended_at",
        "end_reason",
    ];
    let lines = columns.into_iter().zip(cells(before)).zip(cells(after));
    view! {
        <table class="row">
            <caption>{if is_new { t!(flows.row_new) } else { t!(flows.row) }}</caption>
            <thead>
                <tr>
                    <th scope="col">{t!(flows.column)}</th>
                    <th scope="col">{t!(flows.before)}</th>
                    <th scope="col">{t!(flows.after)}</th>
                </tr>
            </thead>
            <tbody>
                {lines.map(|((column, before), after)| {
                    let changed = before != after;
                    view! {
                        <tr class:changed=changed>
                            <th scope="row"><code>{column}</code></th>
                            <td>{if before.is_empty() { "–".to_owned() } else { before }}</td>
                            <td>{if changed { view! { <strong>{after}</strong> }.into_any() } else { after.into_any() }}</td>
                        </tr>
                    }
                }).collect_view()}
            </tbody>
        </table>
    }
}

fn null() -> String {
    "NULL".to_owned()
}
