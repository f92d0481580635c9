//! What is known about a setting besides its value, and the macro that writes the list down.

use super::{DEFINITIONS, Settings};

/// One setting, as the reference, the command line and the error messages see it.
#[derive(Debug)]
pub struct Definition {
    /// The name in `monban.toml`; variable and flag are spelled from it.
    pub key: &'static str,
    /// One sentence for an operator.
    pub meaning: &'static str,
    /// The default as one would write it; `<data_dir>` stands for the value of that setting, and
    /// `ON_THE_LOOPBACK` for `true` or `false`.
    pub default: &'static str,
    /// Whether a given value is kept out of messages and of the reference.
    pub secret: bool,
    /// Whether `monban.toml` may give an array.
    pub list: bool,
    /// Whether `monban.toml` may give a boolean.
    pub boolean: bool,
    pub(super) noun: &'static str,
    pub(super) range: Option<(&'static str, &'static str)>,
    pub(super) show: fn(&Settings) -> String,
}

/// The default of what is there only where `base_url` is of the loopback.
pub const ON_THE_LOOPBACK: &str = "<true on the loopback>";

impl Definition {
    /// The definition of the setting with this key.
    pub fn find(key: &str) -> Option<&'static Self> {
        DEFINITIONS.iter().find(|definition| definition.key == key)
    }

    /// The name of its variable: `MONBAN_ACCESS_TTL`.
    pub fn variable(&self) -> String {
        format!("MONBAN_{}", self.key.to_ascii_uppercase())
    }

    /// The name of its flag, without the dashes in front: `access-ttl`.
    pub fn flag(&self) -> String {
        self.key.replace('_', "-")
    }

    /// What may be given, in words: "a duration from 1s to 1h".
    pub fn allowed(&self) -> String {
        match self.range {
            None => self.noun.to_owned(),
            Some((from, to)) => format!("{} from {from} to {to}", self.noun),
        }
    }

    /// What to give instead of a refused value, with an example where the words are not enough.
    pub(super) fn advice(&self) -> String {
        match self.range {
            None => self.allowed(),
            Some(_) => format!("{}, such as {}", self.allowed(), self.default),
        }
    }
}

/// Writes [`Settings`] and [`DEFINITIONS`] from one list, so that no setting has two descriptions.
macro_rules! define_settings {
    ($(
        $(#[doc = $meaning:literal])+
        $key:ident: $type:ty = $default:literal $(in $from:literal..=$to:literal)?;
    )+) => {
        /// The values Monban runs with, checked and typed.
        #[derive(Debug, Clone)]
        pub struct Settings {
            $($(#[doc = $meaning])+ pub $key: $type,)+
        }

        /// Every setting, in the order of the reference.
        pub static DEFINITIONS: &[$crate::settings::Definition] = &[$(
            $crate::settings::Definition {
                key: stringify!($key),
                meaning: concat!($($meaning),+).trim_ascii(),
                default: $default,
                secret: <$type as $crate::settings::value::Value>::SECRET,
                list: <$type as $crate::settings::value::Value>::LIST,
                boolean: <$type as $crate::settings::value::Value>::BOOLEAN,
                noun: <$type as $crate::settings::value::Value>::NOUN,
                range: define_settings!(@range $($from, $to)?),
                show: |settings| $crate::settings::value::Value::show(&settings.$key),
            }
        ),+];

        impl Settings {
            /// Reads every setting from the layers, which keep the faults. `None` only if a
            /// default is itself at fault.
            pub(super) fn read(layers: &mut $crate::settings::layers::Layers) -> Option<Self> {
                $(
                    let $key = layers.read(
                        stringify!($key),
                        define_settings!(@read $type $(, $from, $to)?),
                    );
                )+
                Some(Self { $($key: $key?),+ })
            }
        }
    };
    (@range) => { None };
    (@range $from:literal, $to:literal) => { Some(($from, $to)) };
    (@read $type:ty) => { <$type as $crate::settings::value::Value>::read };
    (@read $type:ty, $from:literal, $to:literal) => {
        |text| $crate::settings::value::read_within::<$type>(text, $from, $to)
    };
}
pub(super) use define_settings;
