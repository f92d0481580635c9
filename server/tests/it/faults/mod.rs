//! Faults, on purpose: what people were told has happened is still so afterwards, and nobody is
//! signed out by them. Each test has a quick version, and one that takes minutes: `make faults`.

mod clocks_apart;
mod connection_cut;
mod database_hung;
mod database_restarted;
mod disk_full;
mod floods;
mod killed;
mod load;
mod person;
mod proxy;
mod rolling_restart;

use std::{env, fs::File, io::Write};

/// Nothing but the evidence that a reply was lost forgives an old refresh token, and an access token
/// outlives the test: what is over is refused because it is over.
const STRICT: [(&str, &str); 2] = [("MONBAN_REFRESH_WINDOW", "0s"), ("MONBAN_ACCESS_TTL", "1h")];

/// Says what a test did: to whoever sees its output, and to the scripts, which say it at the end.
fn report(line: &str) {
    println!("{line}");
    if let Some(path) = env::var_os("MONBAN_TEST_REPORT") {
        let mut file = File::options().create(true).append(true).open(path);
        file.as_mut()
            .unwrap()
            .write_all(format!("{line}\n").as_bytes())
            .unwrap();
    }
}
