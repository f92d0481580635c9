//! `monban`: see `monban --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    monban::cli::main()
}
