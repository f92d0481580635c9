//! An address: as typed, as stored, and folded.

use std::fmt;

use email_address::{EmailAddress, Options};
use sqlx::{Database, Decode, Type, error::BoxDynError};
use unicode_normalization::UnicodeNormalization;

/// An email address as stored, at most 254 bytes (RFC 5321 §4.5.3.1.3).
#[derive(Clone)]
pub struct Email {
    stored: String,
    /// How it would have been stored before it was taken for what was meant, if otherwise. Accounts
    /// from then may be.
    before: Option<String>,
}

impl Email {
    /// The longest address, in bytes.
    pub const MAX_BYTES: usize = 254;

    /// Parses what a person typed.
    pub fn parse(typed: &str) -> Result<Self, EmailError> {
        let before = spell(&typed.trim().nfc().collect::<String>());
        let (stored, before) = match (spell(&meant(typed)), before) {
            (Ok(stored), Ok(before)) if stored != before => (stored, Some(before)),
            (Ok(stored), _) | (Err(_), Ok(stored)) => (stored, None),
            (Err(error), Err(_)) => return Err(error),
        };
        Ok(Self { stored, before })
    }

    /// The address as stored, and the only one to write to.
    pub fn as_str(&self) -> &str {
        &self.stored
    }

    /// The spellings under which an account may be stored that signs in with what was typed, the
    /// nearest first.
    pub fn spellings(&self) -> [&str; 2] {
        [self.before.as_deref().unwrap_or(&self.stored), &self.stored]
    }

    /// The form that is unique among accounts.
    pub fn folded(&self) -> String {
        fold(&self.stored)
    }
}

/// The form of an address that all spellings of one mailbox share. A pure function of any text,
/// which folds to itself when it is folded.
pub fn fold(address: &str) -> String {
    let meant = meant(address);
    let folded = match meant.rsplit_once('@') {
        Some((local, domain)) => {
            let domain = ascii_domain(domain).unwrap_or_else(|| lower(domain));
            format!("{}@{domain}", lower(local))
        }
        None => lower(&meant),
    };
    // What grows out of all proportion, as no address does, is left as it is: an index has to hold
    // it.
    if folded.len() > Email::MAX_BYTES * 2 {
        address.to_owned()
    } else {
        folded
    }
}

/// What was meant by what was typed: [the table](super) without the domain's.
fn meant(typed: &str) -> String {
    let shown = typed.nfkc().filter(|c| !is_invisible(*c));
    let plain: Vec<char> = shown
        .nfkc()
        .map(|c| if c == '。' { '.' } else { c })
        .collect();
    let neighbours = |at: usize| [at.checked_sub(1), at.checked_add(1)];
    let is_plain = |at: Option<usize>| {
        at.and_then(|at| plain.get(at))
            .is_some_and(char::is_ascii_alphanumeric)
    };
    let meant: String = plain
        .iter()
        .enumerate()
        .map(|(at, c)| match c {
            'ー' | '\u{2010}'..='\u{2015}' | '\u{2212}'
                if neighbours(at).into_iter().all(is_plain) =>
            {
                '-'
            }
            '\u{2018}' | '\u{2019}' if neighbours(at).into_iter().all(is_plain) => '\'',
            c => *c,
        })
        .collect();
    meant.trim().to_owned()
}

/// Whether a character takes no room and says nothing: `Default_Ignorable_Code_Point` (UAX #44), as
/// far as it is assigned, and the byte order mark among it.
const fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}'
        | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Lower case of each character by itself, so that it does not matter what follows: `ς` is a `σ`.
fn lower(text: &str) -> String {
    let lower = text.chars().flat_map(char::to_lowercase);
    let lower: String = lower.map(|c| if c == 'ς' { 'σ' } else { c }).collect();
    meant(&lower)
}

/// The address with its domain in one spelling, if it is one.
fn spell(address: &str) -> Result<String, EmailError> {
    if address.is_empty() {
        return Err(EmailError::Empty);
    }
    let (local, domain) = address.rsplit_once('@').ok_or(EmailError::Malformed)?;
    let domain = ascii_domain(domain).ok_or(EmailError::Malformed)?;
    let spelled = format!("{local}@{domain}");
    if spelled.len() > Email::MAX_BYTES {
        return Err(EmailError::TooLong);
    }
    let options = Options::default()
        .with_required_tld()
        .without_display_text()
        .without_domain_literal();
    EmailAddress::parse_with_options(&spelled, options).map_err(|_| EmailError::Malformed)?;
    Ok(spelled)
}

fn ascii_domain(domain: &str) -> Option<String> {
    let domain = domain.strip_suffix('.').unwrap_or(domain);
    idna::domain_to_ascii_strict(domain).ok()
}

/// Two that are stored alike are the same.
impl PartialEq for Email {
    fn eq(&self, other: &Self) -> bool {
        self.stored == other.stored
    }
}

impl Eq for Email {}

/// Personal data stays out of logs.
impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email([redacted])")
    }
}

impl<DB: Database> Type<DB> for Email
where
    String: Type<DB>,
{
    fn type_info() -> DB::TypeInfo {
        String::type_info()
    }

    fn compatible(ty: &DB::TypeInfo) -> bool {
        String::compatible(ty)
    }
}

impl<'r, DB: Database> Decode<'r, DB> for Email
where
    String: Decode<'r, DB>,
{
    fn decode(value: DB::ValueRef<'r>) -> Result<Self, BoxDynError> {
        Ok(Self {
            stored: String::decode(value)?,
            before: None,
        })
    }
}

/// Why an address was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmailError {
    /// Nothing was given.
    #[error("an email address is needed")]
    Empty,
    /// It is no address.
    #[error("that is not an email address")]
    Malformed,
    /// Over [`Email::MAX_BYTES`].
    #[error("an email address has at most 254 bytes")]
    TooLong,
}

#[cfg(test)]
mod tests;
