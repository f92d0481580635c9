//! Lines on their way to the log's reader.

use std::{
    io::{self, ErrorKind, Write},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
    time::Duration,
};

use tokio::time::Instant;

/// The most lines that wait: a line has a few hundred bytes, so two megabytes or so.
const MOST: usize = 8192;
/// How many bytes are written at a time.
const CHUNK: usize = 64 * 1024;
/// How long the last lines may take when the process ends.
const FLUSH_TIMEOUT: Duration = Duration::from_secs(1);

/// Takes lines, and never blocks.
#[derive(Clone, Debug)]
pub struct Lines {
    queue: SyncSender<Vec<u8>>,
    counts: Arc<Counts>,
}

/// Waits for the last lines when it is dropped, but not for long.
#[derive(Debug)]
#[must_use = "dropped at once, it waits for nothing"]
pub struct Flush(Arc<Counts>);

/// How many lines were taken, came out of the queue, and found no room in it.
#[derive(Debug, Default)]
struct Counts {
    taken: AtomicU64,
    done: AtomicU64,
    dropped: AtomicU64,
}

/// Starts the thread that writes.
pub fn start(output: impl Write + Send + 'static) -> io::Result<(Lines, Flush)> {
    let (queue, lines) = sync_channel(MOST);
    let counts = Arc::new(Counts::default());
    let thread = thread::Builder::new().name("log".to_owned());
    thread.spawn({
        let counts = Arc::clone(&counts);
        move || write_lines(&lines, output, &counts)
    })?;
    let flush = Flush(Arc::clone(&counts));
    Ok((Lines { queue, counts }, flush))
}

/// The subscriber writes each line in one call.
impl Write for Lines {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        // Counted first: the thread may be done with it before this one goes on.
        self.counts.taken.fetch_add(1, Ordering::Relaxed);
        if self.queue.try_send(line.to_vec()).is_err() {
            self.counts.dropped.fetch_add(1, Ordering::Relaxed);
            self.counts.done.fetch_add(1, Ordering::Relaxed);
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn write_lines(lines: &Receiver<Vec<u8>>, mut output: impl Write, counts: &Counts) {
    let mut told = 0;
    let mut chunk = Vec::with_capacity(CHUNK);
    while let Ok(line) = lines.recv() {
        chunk.extend(line);
        let mut taken = 1;
        while chunk.len() < CHUNK
            && let Ok(line) = lines.try_recv()
        {
            chunk.extend(line);
            taken += 1;
        }
        write_all(&mut output, &chunk);
        chunk.clear();
        counts.done.fetch_add(taken, Ordering::Relaxed);

        // There is room again. The total, because this line may find none.
        let dropped = counts.dropped.load(Ordering::Relaxed);
        if dropped > told {
            told = dropped;
            tracing::warn!(
                lines = dropped,
                "log lines were dropped since the start: the log is not read fast enough"
            );
        }
    }
}

/// Writes as far as the reader lets it.
fn write_all(output: &mut impl Write, mut bytes: &[u8]) {
    while !bytes.is_empty() {
        match output.write(bytes) {
            Ok(written @ 1..) => bytes = &bytes[written..],
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            // The process was started so.
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                thread::sleep(Duration::from_millis(10));
            }
            // The reading end is closed.
            Ok(0) | Err(_) => return,
        }
    }
}

impl Drop for Flush {
    fn drop(&mut self) {
        let deadline = Instant::now() + FLUSH_TIMEOUT;
        let counts = &self.0;
        let is_done =
            || counts.done.load(Ordering::Relaxed) >= counts.taken.load(Ordering::Relaxed);
        while !is_done() && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(1));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Mutex, mpsc};

    use super::*;

    /// Writes once it is let, as a pipe that is read.
    struct Pipe {
        go_on: Receiver<()>,
        written: Arc<Mutex<Vec<u8>>>,
    }

    impl Write for Pipe {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let _closed = self.go_on.recv();
            // Not all at once.
            let some = bytes.len().min(1000);
            self.written.lock().unwrap().extend(&bytes[..some]);
            Ok(some)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn nobody_waits_for_a_reader_that_stopped_and_all_that_fits_is_written_when_it_goes_on() {
        let (read, go_on) = mpsc::channel();
        let written = Arc::default();
        let pipe = Pipe {
            go_on,
            written: Arc::clone(&written),
        };
        let (mut lines, flush) = start(pipe).unwrap();
        // More than the queue and the 64 KiB that the writer may hold by then.
        let sent = 4 * MOST;
        for number in 0..sent {
            lines.write_all(format!("{number}\n").as_bytes()).unwrap();
        }
        let dropped = lines.counts.dropped.load(Ordering::Relaxed);
        assert!(dropped > 0);
        drop(read);
        while lines.counts.done.load(Ordering::Relaxed) < lines.counts.taken.load(Ordering::Relaxed)
        {
            thread::yield_now();
        }
        drop(flush);
        let written = String::from_utf8(written.lock().unwrap().clone()).unwrap();
        let numbers: Vec<u64> = written.lines().map(|line| line.parse().unwrap()).collect();
        assert!(numbers.is_sorted());
        assert_eq!(
            numbers.len() as u64 + dropped,
            lines.counts.taken.load(Ordering::Relaxed)
        );
    }

    #[test]
    fn a_reader_that_is_gone_stops_nobody() {
        struct Gone;
        impl Write for Gone {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let (mut lines, _flush) = start(Gone).unwrap();
        for number in 0..2 * MOST {
            lines.write_all(format!("{number}\n").as_bytes()).unwrap();
        }
    }
}
