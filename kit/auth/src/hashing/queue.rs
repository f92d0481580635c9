//! What waits for a thread to be hashed on: sign-ins first, sign-ups when none is left.
//!
//! A flood of sign-ups must not keep anybody from signing in, nor a flood of strangers those whose
//! device is known. Whether the account exists decides nothing here: it would show in the time.

use std::{
    collections::VecDeque,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::oneshot;

use super::Memory;

/// Who goes before whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Signing in from a device that has signed in to this account before.
    KnownDevice,
    /// Signing in, and everything else that has a limit of its own.
    SignIn,
    /// Making an account.
    SignUp,
}

const LANES: usize = 3;
/// The most jobs that wait in a lane. One holds a password, a kilobyte at most: four megabytes in
/// all.
const MOST: usize = 1024;

/// Work whose caller is told when it starts. It is passed over if nobody waits for that any more.
pub(super) struct Job {
    pub(super) start: oneshot::Sender<()>,
    pub(super) work: Box<dyn FnOnce(&mut Memory) + Send>,
}

/// Jobs in their lanes. When this is dropped the threads end.
#[derive(Debug)]
pub(super) struct Queue(Arc<Shared>);

/// What a thread takes its jobs from.
#[derive(Debug)]
pub(super) struct Worker(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    jobs: Mutex<Jobs>,
    arrived: Condvar,
}

#[derive(Default)]
struct Jobs {
    lanes: [VecDeque<Job>; LANES],
    closed: bool,
}

impl std::fmt::Debug for Jobs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let waiting = self.lanes.each_ref().map(VecDeque::len);
        f.debug_tuple("Jobs").field(&waiting).finish()
    }
}

impl Queue {
    pub(super) fn new() -> Self {
        Self(Arc::default())
    }

    pub(super) fn worker(&self) -> Worker {
        Worker(Arc::clone(&self.0))
    }

    /// Whether there was room. Those who have given up waiting make room.
    pub(super) fn push(&self, lane: Lane, job: Job) -> bool {
        let mut jobs = self.0.jobs();
        let lane = &mut jobs.lanes[lane as usize];
        if lane.len() >= MOST {
            lane.retain(|job| !job.start.is_closed());
        }
        let has_room = lane.len() < MOST;
        if has_room {
            lane.push_back(job);
            self.0.arrived.notify_one();
        }
        has_room
    }
}

impl Drop for Queue {
    fn drop(&mut self) {
        self.0.jobs().closed = true;
        self.0.arrived.notify_all();
    }
}

impl Worker {
    /// One thread's life: job after job, without asking the scheduler in between.
    pub(super) fn work_off(&self) {
        let mut memory = Memory::default();
        while let Some(Job { start, work }) = self.next() {
            if start.send(()).is_ok() {
                // Its caller sees that the answer never comes.
                let _panicked = catch_unwind(AssertUnwindSafe(|| work(&mut memory)));
            }
        }
    }

    fn next(&self) -> Option<Job> {
        let mut jobs = self.0.jobs();
        loop {
            if let Some(job) = jobs.lanes.iter_mut().find_map(VecDeque::pop_front) {
                return Some(job);
            }
            if jobs.closed {
                return None;
            }
            jobs = self
                .0
                .arrived
                .wait(jobs)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Shared {
    fn jobs(&self) -> MutexGuard<'_, Jobs> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    fn job(done: &mpsc::Sender<u32>, number: u32) -> (Job, oneshot::Receiver<()>) {
        let (start, started) = oneshot::channel();
        let done = done.clone();
        let work = Box::new(move |_: &mut Memory| done.send(number).unwrap());
        (Job { start, work }, started)
    }

    #[test]
    fn known_devices_go_first_and_sign_ups_last_each_in_their_order() {
        let (queue, (done, order)) = (Queue::new(), mpsc::channel());
        let mut waiting = Vec::new();
        for (lane, number) in [
            (Lane::SignUp, 5),
            (Lane::SignIn, 3),
            (Lane::KnownDevice, 1),
            (Lane::SignUp, 6),
            (Lane::SignIn, 4),
            (Lane::KnownDevice, 2),
        ] {
            let (job, started) = job(&done, number);
            assert!(queue.push(lane, job));
            waiting.push(started);
        }
        let worker = queue.worker();
        drop((queue, done));
        worker.work_off();
        assert_eq!(order.iter().collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6]);
    }

    #[test]
    fn a_lane_has_an_end_and_those_who_gave_up_make_room_in_it() {
        let (queue, (done, order)) = (Queue::new(), mpsc::channel());
        let mut waiting = Vec::new();
        for _ in 0..MOST {
            let (job, started) = job(&done, 1);
            assert!(queue.push(Lane::SignUp, job));
            waiting.push(started);
        }
        let (one_more, _started) = job(&done, 2);
        assert!(!queue.push(Lane::SignUp, one_more), "without end");
        let (sign_in, _started) = job(&done, 3);
        assert!(queue.push(Lane::SignIn, sign_in), "another lane's room");

        waiting.clear();
        let (patient, started) = job(&done, 4);
        assert!(queue.push(Lane::SignUp, patient), "no room was made");
        waiting.push(started);
        let worker = queue.worker();
        drop((queue, done));
        worker.work_off();
        assert_eq!(order.iter().collect::<Vec<_>>(), [3, 4], "done for nobody");
    }
}
