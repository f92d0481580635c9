//! `monban`: see `monban --help`.

use std::process::ExitCode;

use mimalloc::MiMalloc;
use monban_axum::{cli, run};

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    cli::main(async |settings| Ok(run::serve(settings, monban::app).await?))
}
