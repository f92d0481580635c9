//! `monban`: see `monban --help`.

use std::process::ExitCode;

use mimalloc::MiMalloc;
use monban_axum::cli;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    cli::main_with(async |settings, learn| Ok(monban::serve(settings, learn).await?))
}
