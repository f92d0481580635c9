//! The recorded runs that a page shows until its visitor runs the flow. A test of the server records them
//! and compares them with what comes back.

use std::sync::LazyLock;

use crate::sandbox::{ExchangeView, FlowName};

static RECORDED: LazyLock<Vec<Vec<ExchangeView>>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../content/flows.json")).unwrap_or_default()
});

/// The recorded run of that flow.
pub(crate) fn recorded_run(flow: FlowName) -> Vec<ExchangeView> {
    let index = FlowName::ALL.iter().position(|other| *other == flow);
    let run = index.and_then(|index| RECORDED.get(index));
    run.cloned().unwrap_or_default()
}
