//! `monban keys`: the life of the signing keys.

use clap::{Arg, ArgAction, ArgMatches, Command};

use monban_auth::Actor;

use super::{Done, say, table, time};
use crate::{open::open_existing, settings::Settings};

pub(super) fn command(flags: impl Fn() -> Vec<Arg>) -> Command {
    Command::new("keys")
        .about("List, rotate, retire and reseal the signing keys. Running nodes pick up changes by themselves")
        .subcommand_required(true)
        .subcommand(
            Command::new("list")
                .about("List the keys: published (can be fetched, signs soon), signing, verifying, retired")
                .args(flags()),
        )
        .subcommand(
            Command::new("rotate")
                .about("Create the next key. It starts signing once every verifier has had time to fetch it (jwks_max_age)")
                .arg(
                    Arg::new("now")
                        .long("now")
                        .help("Sign with it at once, for example because the old one has leaked; verifiers have to fetch the JWKS again")
                        .action(ArgAction::SetTrue),
                )
                .args(flags()),
        )
        .subcommand(
            Command::new("retire")
                .about("Retire a key that no longer signs: its access tokens are refused, but nobody is signed out")
                .arg(Arg::new("kid").required(true).help("The key, as `keys list` names it"))
                .args(flags()),
        )
        .subcommand(
            Command::new("reseal")
                .about("Seal every key under the current master key, the first one given; the old one can then be removed")
                .args(flags()),
        )
}

pub(super) async fn run(matches: &ArgMatches, settings: &Settings) -> Done {
    let Some((name, matches)) = matches.subcommand() else {
        return Ok(());
    };
    let (auth, store) = open_existing(settings).await?;
    match name {
        "rotate" => say(&auth
            .keys()
            .rotate(matches.get_flag("now"), Actor::Cli)
            .await?),
        "retire" => {
            let kid = matches.get_one::<String>("kid").map_or("", String::as_str);
            let retired = auth.keys().retire(kid, Actor::Cli).await?;
            say(if retired {
                "retired"
            } else {
                "already retired"
            });
        }
        "reseal" => say(&format!(
            "resealed: {}",
            auth.keys().reseal(Actor::Cli).await?
        )),
        _ => {
            let rows = auth.keys().list().into_iter().map(|key| {
                [
                    key.kid,
                    key.alg.name().to_owned(),
                    key.state.name().to_owned(),
                    time(key.published_at),
                    time(key.signs_at),
                ]
            });
            table(["KID", "ALG", "STATE", "PUBLISHED", "SIGNS FROM"], rows);
        }
    }
    store.close().await;
    Ok(())
}
