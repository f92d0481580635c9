//! The steps of HMAC.

use aws_lc_rs::digest::{SHA256, SHA256_OUTPUT_LEN, digest};

/// HMAC-SHA-256 step by step (RFC 2104 §2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HmacSteps {
    /// The secret, or its hash if it is longer than a block, padded to a block with zeros.
    pub key: [u8; BLOCK],
    /// The key, each byte XOR 0x36.
    pub inner_key: [u8; BLOCK],
    /// The hash of the inner key and the message.
    pub inner_hash: [u8; SHA256_OUTPUT_LEN],
    /// The key, each byte XOR 0x5c.
    pub outer_key: [u8; BLOCK],
    /// The hash of the outer key and the inner hash: the signature.
    pub tag: [u8; SHA256_OUTPUT_LEN],
}

/// The block size of SHA-256, in bytes.
const BLOCK: usize = 64;

impl HmacSteps {
    /// The steps for that secret and that message.
    pub fn of(secret: &[u8], message: &[u8]) -> Self {
        let short = if secret.len() > BLOCK {
            hash(&[secret]).to_vec()
        } else {
            secret.to_vec()
        };
        let mut key = [0; BLOCK];
        for (target, byte) in key.iter_mut().zip(short) {
            *target = byte;
        }
        let (inner_key, outer_key) = (key.map(|byte| byte ^ 0x36), key.map(|byte| byte ^ 0x5c));
        let inner_hash = hash(&[&inner_key, message]);
        let tag = hash(&[&outer_key, &inner_hash]);
        Self {
            key,
            inner_key,
            inner_hash,
            outer_key,
            tag,
        }
    }
}

fn hash(parts: &[&[u8]]) -> [u8; SHA256_OUTPUT_LEN] {
    let mut output = [0; SHA256_OUTPUT_LEN];
    output.copy_from_slice(digest(&SHA256, &parts.concat()).as_ref());
    output
}

#[cfg(test)]
mod tests {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

    use monban_auth::{Algorithm, specimen::ThrowawayKey};

    use super::*;

    #[test]
    fn the_steps_give_the_same_signature_as_the_library() {
        for secret in [&b""[..], b"secret", &[7; 64], &[7; 65], &[7; 300]] {
            let key = ThrowawayKey::from_private(Algorithm::Hs256, secret.to_vec()).unwrap();
            let tag = HmacSteps::of(secret, b"header.payload").tag;
            assert_eq!(
                key.sign("header.payload").unwrap(),
                URL_SAFE_NO_PAD.encode(tag),
                "{}",
                secret.len()
            );
        }
    }
}
