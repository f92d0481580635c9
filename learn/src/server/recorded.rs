//! The runs that a page shows until its visitor makes one. A test of the server records them and
//! holds them to what comes back.

use std::sync::LazyLock;

use crate::{flows::FLOWS, sandbox::ExchangeView};

static RECORDED: LazyLock<Vec<Vec<ExchangeView>>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../content/flows.json"))
        .unwrap_or_else(|_| vec![Vec::new(); FLOWS.len()])
});

/// A run of each flow, in their order.
pub(crate) fn recorded_flows() -> Vec<Vec<ExchangeView>> {
    RECORDED.clone()
}
