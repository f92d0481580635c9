//! What a step came to, which the properties are about.

/// What a step came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    Quiet,
    Rotated,
    /// Repeated within the window.
    Raced,
    /// Repeated by evidence, outside the window.
    Mended,
    /// A compare-and-swap lost.
    Beaten,
    /// A replay ended the session.
    Noticed,
    /// An honest client was signed out, within the stated limits of the product.
    BeyondLimits,
    /// An answer to a session that is over.
    Over,
    /// Fault: an honest client was signed out, and no limit excuses it.
    SignedOutHonest,
    /// Fault: a generation rotated that was not current.
    TwoLive,
    /// Fault: a copy was honoured though what came after it was long in use.
    Forgiven,
    /// Fault: a session that was over was renewed.
    RoseAgain,
}

impl Outcome {
    /// Faults end the history.
    pub fn is_fault(self) -> bool {
        matches!(
            self,
            Self::SignedOutHonest | Self::TwoLive | Self::Forgiven | Self::RoseAgain
        )
    }
}
