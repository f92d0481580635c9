//! A section: the settings of one capability, under one heading.

use std::fmt::Debug;

use super::{Definition, Layers, Settings};

/// Settings that are declared, checked and read together: one section, several of them in a tuple, or
/// `()` for none. [`settings_section!`](crate::settings_section) writes one down.
pub trait Section: Clone + Debug + Sized {
    /// The headings, and the settings under each, in the order of the reference.
    fn outline() -> Vec<Outline>;

    /// Reads every setting from the layers, which keep the faults. `None` only if a default is itself
    /// at fault.
    fn read(layers: &mut Layers) -> Option<Self>;

    /// The rules between two settings, at least one of which is of this section.
    fn rules(&self, kit: &Settings) -> Vec<Together>;
}

/// A heading, and the settings under it.
#[derive(Clone, Copy, Debug)]
pub struct Outline {
    /// The heading in `--help` and in the reference.
    pub heading: &'static str,
    /// The settings.
    pub definitions: &'static [Definition],
}

/// A rule between two settings, and whether their values keep it. Read as a sentence: `key` must
/// `rule` `other`.
#[derive(Clone, Copy, Debug)]
pub struct Together {
    /// The setting that the rule is about.
    pub key: &'static str,
    /// What it must be: "not be shorter than".
    pub rule: &'static str,
    /// The setting that it is measured by.
    pub other: &'static str,
    /// Whether the values in force keep it.
    pub kept: bool,
}

impl Section for () {
    fn outline() -> Vec<Outline> {
        Vec::new()
    }

    fn read(_: &mut Layers) -> Option<Self> {
        Some(())
    }

    fn rules(&self, _: &Settings) -> Vec<Together> {
        Vec::new()
    }
}

impl<A: Section, B: Section> Section for (A, B) {
    fn outline() -> Vec<Outline> {
        [A::outline(), B::outline()].concat()
    }

    fn read(layers: &mut Layers) -> Option<Self> {
        // Both, so that all faults are found.
        let (a, b) = (A::read(layers), B::read(layers));
        Some((a?, b?))
    }

    fn rules(&self, kit: &Settings) -> Vec<Together> {
        [self.0.rules(kit), self.1.rules(kit)].concat()
    }
}

/// Declares a section of settings: a struct with a field for each, and what `--help`, the reference and
/// the messages say of them.
///
/// A line reads: meaning, key, type, default as one would write it, and the range where the type alone
/// is too wide. The documentation of a field is the setting's meaning in the reference, so it is one
/// sentence for an operator. Types are those that implement [`Value`](crate::settings::Value). The
/// default may be `<true on the loopback>`, and name a path below `<data_dir>`.
///
/// Behind the struct, `together: f;` names a function that checks values against one another:
/// `fn(&Self, &Settings) -> Vec<Together>`.
///
/// ```
/// use std::time::Duration;
///
/// use monban_axum::settings::{self, Sources};
///
/// monban_axum::settings_section! {
///     /// What notes are kept.
///     pub struct NotesSettings in "Notes" {
///         /// Notes that one account may have.
///         notes_max: u32 = "100" in "1"..="10000";
///
///         /// How long a deleted note can be had back.
///         notes_undo: Duration = "30s" in "0s"..="1h";
///     }
/// }
///
/// let sources = Sources::default().variable("MONBAN_NOTES_MAX", "5");
/// let loaded = settings::load_with::<NotesSettings>(&sources)?;
/// assert_eq!(loaded.own.notes_max, 5);
/// assert_eq!(loaded.own.notes_undo, Duration::from_secs(30));
/// # Ok::<(), settings::SettingsError>(())
/// ```
#[macro_export]
macro_rules! settings_section {
    (
        $(#[doc = $doc:literal])+
        $visibility:vis struct $section:ident in $heading:literal {$(
            $(#[doc = $meaning:literal])+
            $key:ident: $type:ty = $default:literal $(in $from:literal..=$to:literal)?;
        )+}
        $(together: $together:path;)?
    ) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone)]
        $visibility struct $section {
            $($(#[doc = $meaning])+ pub $key: $type,)+
        }

        impl $crate::settings::Section for $section {
            fn outline() -> Vec<$crate::settings::Outline> {
                const DEFINITIONS: &[$crate::settings::Definition] = &[$(
                    $crate::settings::Definition::new::<$type>(
                        stringify!($key),
                        concat!($($meaning),+).trim_ascii(),
                        $default,
                        $crate::settings_section!(@range $($from, $to)?),
                    )
                ),+];
                vec![$crate::settings::Outline {
                    heading: $heading,
                    definitions: DEFINITIONS,
                }]
            }

            fn read(layers: &mut $crate::settings::Layers) -> Option<Self> {
                $(
                    let $key = layers.read::<$type>(
                        stringify!($key),
                        $crate::settings_section!(@read $type $(, $from, $to)?),
                    );
                )+
                Some(Self { $($key: $key?),+ })
            }

            fn rules(
                &self,
                kit: &$crate::settings::Settings,
            ) -> Vec<$crate::settings::Together> {
                $crate::settings_section!(@rules self, kit $(, $together)?)
            }
        }
    };
    (@rules $section:expr, $kit:expr) => {{
        let _ = $kit;
        Vec::new()
    }};
    (@rules $section:expr, $kit:expr, $together:path) => { $together($section, $kit) };
    (@range) => { None };
    (@range $from:literal, $to:literal) => { Some(($from, $to)) };
    (@read $type:ty) => { <$type as $crate::settings::Value>::read };
    (@read $type:ty, $from:literal, $to:literal) => {
        |text| <$type as $crate::settings::Value>::read_within(text, $from, $to)
    };
}
