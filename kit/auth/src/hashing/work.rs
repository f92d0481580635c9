//! Verifying a password takes the same work for everybody, so that the time of an answer does not
//! tell whether there is an account.
//!
//! A stored hash is verified at the cost that it was made with, which the settings may have left
//! since. What it takes less than the dearest hash there is, is added:
//!
//! | of the address that was typed there is | computed | added |
//! |---|---|---|
//! | no account | the dummy, at today's cost | what today's cost is short of the dearest |
//! | a hash of today's cost | that hash | the same |
//! | a hash from before, cheaper | that hash | more |
//! | the dearest hash | that hash | nothing |
//!
//! So a lower cost makes sign-ins faster once the last account with a dearer hash has signed in, which
//! stores it anew.
//!
//! Work is counted in blocks: memory (`m`, RFC 9106 §3.1) times passes (`t`). Lanes are computed one
//! after the other and change nothing.

use std::{
    iter,
    sync::atomic::{AtomicU64, Ordering},
};

use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::{
        self,
        phc::{self, Output},
    },
};

use super::{PasswordHash, Verification};

/// What a hash is made in. It stays with its thread: for the kernel to map and clear 19 MiB anew
/// takes a fifth of the time of a hash.
#[derive(Default)]
pub(crate) struct Memory {
    blocks: Vec<Block>,
    /// The work done in it so far.
    computed: u64,
}

/// The work of the dearest hash that is known to be stored, or of today's cost if that is dearer.
#[derive(Debug)]
pub(super) struct Dearest {
    today: u64,
    known: AtomicU64,
}

impl Dearest {
    pub(super) fn new(today: &Params) -> Self {
        let today = work(today);
        Self {
            today,
            known: AtomicU64::new(today),
        }
    }

    pub(super) fn get(&self) -> u64 {
        self.known.load(Ordering::Relaxed)
    }

    /// These are the costs of all that is stored.
    pub(super) fn set<'a>(&self, stored: impl Iterator<Item = &'a PasswordHash>) {
        let stored = stored.filter_map(|hash| Some(work(&params(hash)?)));
        let dearest = stored.fold(self.today, u64::max);
        self.known.store(dearest, Ordering::Relaxed);
    }

    /// A hash of that cost is stored, too.
    fn meet(&self, params: &Params) {
        self.known.fetch_max(work(params), Ordering::Relaxed);
    }
}

fn params(hash: &PasswordHash) -> Option<Params> {
    let hash = phc::PasswordHash::new(hash.as_phc()).ok()?;
    Params::try_from(&hash).ok()
}

fn work(params: &Params) -> u64 {
    blocks(params) * u64::from(params.t_cost())
}

fn blocks(params: &Params) -> u64 {
    u64::try_from(params.block_count()).unwrap_or(u64::MAX)
}

/// Compares a password with a stored hash, or with the dummy, and fills up to the dearest.
pub(super) fn verify(
    today: &Argon2<'_>,
    password: &[u8],
    stored: Option<&PasswordHash>,
    dummy: &PasswordHash,
    dearest: &Dearest,
    memory: &mut Memory,
) -> password_hash::Result<Verification> {
    let before = memory.computed;
    let verified = compare(
        today.params(),
        password,
        stored.unwrap_or(dummy),
        dearest,
        memory,
    );
    let done = memory.computed - before;
    fill_up(dearest.get().saturating_sub(done), today.params(), memory)?;
    Ok(match stored {
        Some(_) => verified?,
        None => Verification::Differs,
    })
}

/// As the library's `verify_password`, in memory that is there already.
fn compare(
    today: &Params,
    password: &[u8],
    stored: &PasswordHash,
    dearest: &Dearest,
    memory: &mut Memory,
) -> password_hash::Result<Verification> {
    const DAMAGED: password_hash::Error = password_hash::Error::EncodingInvalid;
    let stored = phc::PasswordHash::new(stored.as_phc()).map_err(|_| DAMAGED)?;
    let algorithm = Algorithm::try_from(stored.algorithm.as_str())?;
    let version = Version::try_from(stored.version.ok_or(DAMAGED)?)?;
    let params = Params::try_from(&stored)?;
    let (salt, expected) = stored.salt.zip(stored.hash).ok_or(DAMAGED)?;
    let up_to_date = same_cost(&params, today);
    dearest.meet(&params);

    let mut computed = [0; Output::MAX_LENGTH];
    let computed = computed.get_mut(..expected.len()).ok_or(DAMAGED)?;
    memory.compute(algorithm, version, params, password, &salt, computed)?;
    // `Output` compares in constant time.
    let same = Output::new(computed).is_ok_and(|computed| computed == expected);
    Ok(match (same, up_to_date) {
        (true, true) => Verification::Matches,
        (true, false) => Verification::MatchesOutdated,
        (false, _) => Verification::Differs,
    })
}

fn same_cost(a: &Params, b: &Params) -> bool {
    (a.m_cost(), a.t_cost(), a.p_cost()) == (b.m_cost(), b.t_cost(), b.p_cost())
}

/// Does that much work in no more memory than today's hashes take, but for less than the smallest
/// hash.
fn fill_up(missing: u64, today: &Params, memory: &mut Memory) -> password_hash::Result<()> {
    let smallest = u64::from(Params::MIN_M_COST);
    let most = blocks(today);
    let (passes, rest) = (missing / most, missing % most);
    for (blocks, passes) in [(most, passes), (rest, 1)] {
        if passes == 0 || blocks < smallest {
            continue;
        }
        let (Ok(blocks), Ok(passes)) = (u32::try_from(blocks), u32::try_from(passes)) else {
            continue;
        };
        let params = Params::new(blocks, passes, 1, None)?;
        let nothing = [0; 16];
        memory.compute(
            Algorithm::Argon2id,
            Version::V0x13,
            params,
            &nothing,
            &nothing,
            &mut [0; 16],
        )?;
    }
    Ok(())
}

impl Memory {
    fn compute(
        &mut self,
        algorithm: Algorithm,
        version: Version,
        params: Params,
        password: &[u8],
        salt: &[u8],
        out: &mut [u8],
    ) -> password_hash::Result<()> {
        let missing = params.block_count().saturating_sub(self.blocks.len());
        self.blocks.extend(iter::repeat_n(Block::new(), missing));
        self.computed += work(&params);
        Argon2::new(algorithm, version, params).hash_password_into_with_memory(
            password,
            salt,
            out,
            &mut self.blocks,
        )?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn argon2(memory: u32, passes: u32) -> Argon2<'static> {
        let params = Params::new(memory, passes, 1, None).unwrap();
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
    }

    fn hash(argon2: &Argon2<'_>) -> PasswordHash {
        PasswordHash::of(argon2, b"right").unwrap()
    }

    /// What each of these takes, of an installation with today's cost that knows of `known`.
    fn work_of(
        today: &Argon2<'_>,
        known: &[PasswordHash],
        tried: &[Option<&PasswordHash>],
    ) -> Vec<u64> {
        let (dummy, dearest) = (hash(today), Dearest::new(today.params()));
        dearest.set(known.iter());
        let mut memory = Memory::default();
        let both = tried
            .iter()
            .flat_map(|stored| [(stored, "right"), (stored, "wrong")]);
        both.map(|(stored, password)| {
            let before = memory.computed;
            let password = password.as_bytes();
            verify(today, password, *stored, &dummy, &dearest, &mut memory).unwrap();
            memory.computed - before
        })
        .collect()
    }

    #[test]
    fn every_address_takes_the_same_work_whatever_the_settings_were_before() {
        let costs = [(64, 1), (64, 3), (128, 1), (72, 5), (1000, 1)];
        let hashes = costs.map(|(memory, passes)| hash(&argon2(memory, passes)));
        for (memory, passes) in costs {
            let today = argon2(memory, passes);
            let mut tried = vec![None];
            tried.extend(hashes.iter().map(Some));
            let work = work_of(&today, &hashes, &tried);
            // Less than the smallest hash cannot be added.
            let even = u64::from(Params::MIN_M_COST);
            for one in &work {
                assert!(one.abs_diff(1000) < even, "{today:?}: {work:?}");
            }
        }
    }

    #[test]
    fn without_hashes_from_before_nothing_is_added() {
        let today = argon2(64, 2);
        let own = hash(&today);
        let work = work_of(&today, &[], &[None, Some(&own)]);
        assert_eq!(work, [128; 4]);
    }

    #[test]
    fn a_dearer_hash_that_nobody_told_of_is_the_measure_once_it_was_met() {
        let (today, dear) = (argon2(64, 1), hash(&argon2(128, 1)));
        let work = work_of(&today, &[], &[None, Some(&dear), None]);
        assert_eq!(work, [64, 64, 128, 128, 128, 128]);
    }

    #[test]
    fn what_is_no_longer_stored_is_no_measure() {
        let today = argon2(64, 1);
        let dearest = Dearest::new(today.params());
        dearest.set([hash(&argon2(128, 1))].iter());
        assert_eq!(dearest.get(), 128);
        dearest.set([PasswordHash::from_phc("nonsense"), hash(&argon2(8, 1))].iter());
        assert_eq!(dearest.get(), 64);
    }

    #[test]
    fn a_damaged_hash_takes_as_long_as_any() {
        let today = argon2(64, 1);
        let (dummy, dearest) = (hash(&today), Dearest::new(today.params()));
        let mut memory = Memory::default();
        let damaged = PasswordHash::from_phc("nonsense");
        let verified = verify(&today, b"x", Some(&damaged), &dummy, &dearest, &mut memory);
        assert!(verified.is_err());
        assert_eq!(memory.computed, 64);
    }
}
