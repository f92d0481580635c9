//! The runs of the flows that are recorded in the sources: they are what comes back today.

use monban_learn::sandbox::{ExchangeView, FlowName, MessageView};

use super::flows::run;
use crate::{
    app::TestApp,
    learn::exchanges::{ended, generations, summary},
};

/// The recorded runs, which the pages show until a visitor runs a flow. `RECORD_FLOWS=1` records them anew.
#[tokio::test]
async fn the_recorded_runs_are_what_comes_back() {
    const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../learn/content/flows.json");
    let app = TestApp::start().await;
    let mut runs = Vec::new();
    for flow in FlowName::ALL {
        runs.push(run(&app, flow).await);
    }
    if std::env::var_os("RECORD_FLOWS").is_some() {
        let lines: Vec<String> = runs
            .iter()
            .map(|run| serde_json::to_string(run).unwrap())
            .collect();
        std::fs::write(FILE, format!("[\n{}\n]\n", lines.join(",\n"))).unwrap();
    }
    let recorded: Vec<Vec<ExchangeView>> =
        serde_json::from_str(&std::fs::read_to_string(FILE).unwrap()).unwrap();
    assert_eq!(recorded.len(), runs.len());
    for (recorded, run) in recorded.iter().flatten().zip(runs.iter().flatten()) {
        assert_eq!(shape(recorded), shape(run));
    }
}

/// The part of an exchange that is the same in every run.
fn shape(exchange: &ExchangeView) -> impl PartialEq + std::fmt::Debug {
    let names = |message: &MessageView| -> Vec<String> {
        message
            .headers
            .iter()
            .map(|(name, _)| name.clone())
            .collect()
    };
    (
        summary(std::slice::from_ref(exchange))
            .into_iter()
            .map(|(participant, line, status)| (participant, line.to_owned(), status))
            .collect::<Vec<_>>(),
        names(&exchange.request),
        names(&exchange.response),
        generations(exchange),
        ended(exchange).map(str::to_owned),
        exchange.waited,
    )
}
