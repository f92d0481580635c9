//! The log.

use tracing_subscriber::EnvFilter;

use super::super::Value;

crate::settings_section! {
    /// What is logged, and how.
    pub struct LogSettings in "Log" {
        /// What is logged, as `tracing` filter directives: a level, or a level for each target.
        log: LogFilter = "info";

        /// Format of a log line: `text` for people, `json` for machines.
        log_format: LogFormat = "text";
    }
}

/// What is logged: directives of [`EnvFilter`], already known to be well formed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogFilter(String);

impl LogFilter {
    /// The directives, as they were written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The form of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// Lines for people.
    Text,
    /// One JSON object a line, for machines.
    Json,
}

impl Value for LogFilter {
    const NOUN: &'static str = "filter directives, such as info or warn,monban=debug, or off";

    /// No directive at all would be taken for `error`: most of the log would be missing, and nothing
    /// would say why.
    fn read(text: &str) -> Option<Self> {
        text.split(',').find(|part| !part.trim().is_empty())?;
        EnvFilter::try_new(text).ok().map(|_| Self(text.to_owned()))
    }

    fn show(&self) -> String {
        self.0.clone()
    }
}

impl Value for LogFormat {
    const NOUN: &'static str = "text or json";

    fn read(text: &str) -> Option<Self> {
        match text {
            "text" => Some(Self::Text),
            "json" => Some(Self::Json),
            _ => None,
        }
    }

    fn show(&self) -> String {
        match self {
            Self::Text => "text",
            Self::Json => "json",
        }
        .to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_logged_is_said() {
        for text in ["info", "off", "warn,monban=debug", "warn,"] {
            assert!(LogFilter::read(text).is_some(), "{text}");
        }
        for text in ["", " ", ",", " , ", "loud=very"] {
            assert_eq!(LogFilter::read(text), None, "{text:?}");
        }
    }
}
