//! How many files this process may have open; a connection is one.

/// Raises the soft limit to the hard one, and answers what it is then. Systems keep the soft one low
/// for old programs that cannot count further.
pub fn raise() -> usize {
    match rlimit::increase_nofile_limit(u64::MAX) {
        Ok(limit) => usize::try_from(limit).unwrap_or(usize::MAX),
        Err(error) => {
            tracing::warn!(%error, "the limit of open files stays as it is");
            rlimit::Resource::NOFILE
                .get_soft()
                .ok()
                .and_then(|limit| limit.try_into().ok())
                .unwrap_or(usize::MAX)
        }
    }
}
