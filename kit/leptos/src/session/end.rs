//! Why a session is over.

use crate::{error::EndReason, i18n::t};

/// Why a session is over, in words.
pub fn end_text(reason: EndReason) -> &'static str {
    match reason {
        EndReason::SignedOut => t!(session_end.signed_out),
        EndReason::Revoked => t!(session_end.revoked),
        EndReason::Replaced => t!(session_end.replaced),
        EndReason::Reused => t!(session_end.reused),
        EndReason::Idle => t!(session_end.idle),
        EndReason::Expired => t!(session_end.expired),
        EndReason::AccountDisabled => t!(session_end.account_disabled),
        EndReason::SessionLimit => t!(session_end.session_limit),
        EndReason::Unknown => t!(session_end.unknown),
    }
}
