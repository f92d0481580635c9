//! Addresses of accounts: one mailbox, one account.
//!
//! An address has three forms. As *typed* it lives no longer than the request. As
//! [*stored*](Email::as_str) it is what the person meant: mail goes there and nowhere else. It is
//! unique as [*folded*](Email::folded), in a form that is neither shown nor written to.
//!
//! What keyboards and pasting produce is taken for what was meant:
//!
//! | typed | stored |
//! |---|---|
//! | full-width letters, digits and signs, `ａｎｎ＠ｅｘａｍｐｌｅ．ｃｏｍ`; half-width katakana; ligatures (NFKC, UAX #15) | the usual ones |
//! | `。`, the full stop of Japanese | `.` |
//! | between two ASCII letters or digits: `ー` of a kana keyboard, typographic hyphens and dashes, the minus sign | `-` |
//! | there, a typographic apostrophe | `'` |
//! | zero-width characters, byte order marks, soft hyphens, direction marks, variation selectors | nothing |
//! | white space around it, also no-break and ideographic | nothing |
//! | a domain in upper case or in its own script, with a full stop at its end | lower-case ASCII without (RFC 5890) |
//!
//! The local part keeps its case, which only the receiving host may interpret (RFC 5321 §2.4). No
//! host in use makes two mailboxes of it, so that folding takes it away:
//!
//! | stored | folded |
//! |---|---|
//! | the local part in any case | lower case |
//!
//! RFC 6532 §3.1 advises against NFKC because it loses what tells some names apart. Nobody has been
//! seen with a mailbox of full-width letters; everybody types them. An address that is none in this
//! form and one in NFC is stored in NFC.

mod email;
mod handle;
mod store;

pub use self::{
    email::{Email, EmailError},
    handle::Emails,
    store::{EmailChange, EmailCollision, EmailStore},
};
