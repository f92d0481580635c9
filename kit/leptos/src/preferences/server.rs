//! What was typed in the page's form, when the page is made anew.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{flash::Draft, forms::typed_in_at, server::context::RequestContext};

/// Leads the browser back to the page it posted from, where what was typed stands in its form again.
pub(super) fn go_back(request: &RequestContext, sent: &BTreeMap<String, Value>) {
    if let Some(page) = request.posted_from() {
        let path = page.as_str().split('?').next().unwrap_or_default();
        let draft = typed_in_at(path).and_then(|form| {
            let typed = form.typed(|name| sent.get(name)?.as_str());
            let form = form.id().into();
            (!typed.is_empty()).then_some(Draft { form, typed })
        });
        request.leave_draft(draft);
        request.go_to(page);
    }
}
