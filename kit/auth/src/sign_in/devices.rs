//! Devices that an account knows: those that have signed in to it before.
//!
//! Whoever fails too often waits, and strangers can fail at any account. So that they cannot keep its
//! owner out, a good sign-in leaves a token with the device, for years: "this device has proved the
//! password of that account". It opens nothing. It only has failures counted apart from those of
//! everybody else. It is bound to one account and to its password as it is stored: with another
//! password it is void. Which account that is, it does not say.
//!
//! A device cookie, as OWASP's "Slow Down Online Guessing Attacks with Device Cookies" has it.

use std::fmt;

use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use crate::{accounts::AccountId, hashing::PasswordHash};

/// Names a device, to one account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DeviceId(Uuid);

impl From<Uuid> for DeviceId {
    fn from(id: Uuid) -> Self {
        Self(id)
    }
}

impl fmt::Display for DeviceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What a device keeps. Does not print.
#[derive(Clone)]
pub struct DeviceToken(SecretString);

impl DeviceToken {
    /// Wraps what a device presents. Nothing is checked here.
    pub fn new(text: impl Into<String>) -> Self {
        Self(SecretString::from(text.into()))
    }

    /// The token itself, for the one place that hands it out.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for DeviceToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DeviceToken([redacted])")
    }
}

/// Makes and reads device tokens, under keys that every node has.
pub(crate) struct Devices {
    /// The first one signs, every one verifies.
    keys: Vec<hmac::Key>,
}

/// Keys never print.
impl fmt::Debug for Devices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Devices({}, [redacted])", self.keys.len())
    }
}

/// An id and its HMAC-SHA-256.
const ID_BYTES: usize = 16;
const TOKEN_BYTES: usize = ID_BYTES + 32;

impl Devices {
    pub(crate) const fn new(keys: Vec<hmac::Key>) -> Self {
        Self { keys }
    }

    /// A token for that device, or for a new one. `None` without a key.
    pub(crate) fn issue(
        &self,
        device: Option<DeviceId>,
        account: AccountId,
        password: &PasswordHash,
    ) -> Option<DeviceToken> {
        let device = device.unwrap_or_else(|| DeviceId(Uuid::new_v4()));
        let tag = hmac::sign(self.keys.first()?, &signed(device, account, password));
        let token = [device.0.as_bytes().as_slice(), tag.as_ref()].concat();
        Some(DeviceToken::new(URL_SAFE_NO_PAD.encode(token)))
    }

    /// Which device it is, if the token was made for that account and that password.
    pub(crate) fn verify(
        &self,
        token: &DeviceToken,
        account: AccountId,
        password: &PasswordHash,
    ) -> Option<DeviceId> {
        let mut bytes = [0; TOKEN_BYTES];
        let read = URL_SAFE_NO_PAD.decode_slice(token.expose(), &mut bytes);
        read.ok().filter(|&read| read == TOKEN_BYTES)?;
        let (id, tag) = bytes.split_at(ID_BYTES);
        let device = DeviceId(Uuid::from_slice(id).ok()?);
        let signed = signed(device, account, password);
        let is_ours = |key| hmac::verify(key, &signed, tag).is_ok();
        self.keys.iter().any(is_ours).then_some(device)
    }
}

/// All of fixed length but the last.
fn signed(device: DeviceId, account: AccountId, password: &PasswordHash) -> Vec<u8> {
    let (account, password) = (Uuid::from(account), password.as_phc());
    [
        device.0.as_bytes().as_slice(),
        account.as_bytes(),
        password.as_bytes(),
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn devices(keys: &[u8]) -> Devices {
        let key = |byte: &u8| hmac::Key::new(hmac::HMAC_SHA256, &[*byte; 32]);
        Devices::new(keys.iter().map(key).collect())
    }

    #[test]
    fn a_token_is_good_for_its_account_and_its_password_only() {
        let (devices, ann, bob) = (devices(&[1]), AccountId::generate(), AccountId::generate());
        let (old, new) = (PasswordHash::from_phc("old"), PasswordHash::from_phc("new"));
        let token = devices.issue(None, ann, &old).unwrap();
        assert!(devices.verify(&token, ann, &old).is_some());
        assert_eq!(devices.verify(&token, bob, &old), None);
        assert_eq!(devices.verify(&token, ann, &new), None);
    }

    #[test]
    fn a_device_keeps_its_name_with_a_new_token() {
        let (devices, ann) = (devices(&[1]), AccountId::generate());
        let (old, new) = (PasswordHash::from_phc("old"), PasswordHash::from_phc("new"));
        let token = devices.issue(None, ann, &old).unwrap();
        let device = devices.verify(&token, ann, &old);
        let token = devices.issue(device, ann, &new).unwrap();
        assert_eq!(devices.verify(&token, ann, &new), device);
        let another = devices.issue(None, ann, &new).unwrap();
        assert_ne!(devices.verify(&another, ann, &new), device);
    }

    #[test]
    fn a_token_of_an_older_key_is_good_while_that_is_given_too() {
        let (ann, hash) = (AccountId::generate(), PasswordHash::from_phc("hash"));
        let token = devices(&[1]).issue(None, ann, &hash).unwrap();
        assert!(devices(&[2, 1]).verify(&token, ann, &hash).is_some());
        assert_eq!(devices(&[2]).verify(&token, ann, &hash), None);
    }

    #[test]
    fn what_was_touched_or_is_no_token_names_no_device() {
        let (devices, ann) = (devices(&[1]), AccountId::generate());
        let hash = PasswordHash::from_phc("hash");
        let token = devices.issue(None, ann, &hash).unwrap();
        let text = token.expose();
        for place in 0..text.len() {
            let other = if text.as_bytes()[place] == b'A' {
                "B"
            } else {
                "A"
            };
            let touched = format!("{}{other}{}", &text[..place], &text[place + 1..]);
            let touched = DeviceToken::new(touched);
            assert_eq!(devices.verify(&touched, ann, &hash), None, "{place}");
        }
        for text in [
            "",
            "!",
            &format!("{text}A"),
            &text[..63],
            &"A".repeat(10_000),
        ] {
            let token = DeviceToken::new(text);
            assert_eq!(devices.verify(&token, ann, &hash), None, "{text}");
        }
    }

    #[test]
    fn a_token_does_not_print() {
        let token = DeviceToken::new("secret");
        assert_eq!(format!("{token:?}"), "DeviceToken([redacted])");
    }
}
