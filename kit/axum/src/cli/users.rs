//! `monban users`: accounts, their roles and whether they may sign in.

use std::io::{self, BufRead, IsTerminal};

use clap::{Arg, ArgMatches, Command};
use monban_auth::{Account, Actor, Auth, Email, Name, Password, Role, SignUp, store::EmailChange};

use super::{Done, say, table, time};
use crate::{open::open_existing, settings::Settings};

/// Accounts, or sessions, read at a time.
const PAGE: u32 = 500;

pub(super) fn command(flags: impl Fn() -> Vec<Arg>) -> Command {
    let email = || {
        Arg::new("email")
            .required(true)
            .help("The account's email address")
    };
    let role = || {
        Arg::new("role")
            .required(true)
            .help("A role, such as admin")
    };
    Command::new("users")
        .about("List and create accounts, and change their addresses, roles and status. Running nodes pick up changes by themselves")
        .subcommand_required(true)
        .subcommand(Command::new("list").about("List every account").args(flags()))
        .subcommand(
            Command::new("show")
                .about("Show an account and where it is signed in")
                .arg(email())
                .args(flags()),
        )
        .subcommand(
            Command::new("create")
                .about("Create an account; its password is the first line of standard input")
                .arg(email())
                .arg(Arg::new("name").required(true).help("The person's name"))
                .args(flags()),
        )
        .subcommand(
            Command::new("collisions")
                .about("List older accounts that share a mailbox (Ann@… and ann@…): each signs in with its own spelling until `set-email` gives all but one of them another address")
                .args(flags()),
        )
        .subcommand(
            Command::new("set-email")
                .about("Change an account's email address; its sessions continue")
                .arg(email())
                .arg(Arg::new("new").required(true).help("The new address"))
                .args(flags()),
        )
        .subcommand(
            Command::new("grant")
                .about("Give an account a role")
                .arg(email())
                .arg(role())
                .args(flags()),
        )
        .subcommand(
            Command::new("revoke")
                .about("Take a role from an account")
                .arg(email())
                .arg(role())
                .args(flags()),
        )
        .subcommand(
            Command::new("disable")
                .about("Disable an account: end its sessions and refuse its sign-ins")
                .arg(email())
                .args(flags()),
        )
        .subcommand(
            Command::new("enable")
                .about("Let a disabled account sign in again")
                .arg(email())
                .args(flags()),
        )
}

pub(super) async fn run(matches: &ArgMatches, settings: &Settings) -> Done {
    let Some((name, matches)) = matches.subcommand() else {
        return Ok(());
    };
    let (auth, store) = open_existing(settings).await?;
    match name {
        "list" => list(&auth).await?,
        "create" => create(&auth, matches).await?,
        "collisions" => collisions(&auth).await?,
        _ => change(&auth, name, matches).await?,
    }
    store.close().await;
    Ok(())
}

async fn list(auth: &Auth) -> Done {
    let (mut rows, mut after) = (Vec::new(), None);
    loop {
        let page = auth.accounts().list(after, PAGE).await?;
        after = page.last().map(|account| account.id);
        rows.extend(page.iter().map(row));
        if after.is_none() {
            break;
        }
    }
    table(["EMAIL", "NAME", "ROLES", "SINCE", "DISABLED"], rows);
    Ok(())
}

async fn collisions(auth: &Auth) -> Done {
    let found = auth.emails().collisions().await?;
    if found.is_empty() {
        say("no accounts share a mailbox");
        return Ok(());
    }
    let rows = found.iter().map(|collision| {
        let [email, name, _, since, disabled] = row(&collision.account);
        let id = collision.account.id.to_string();
        let by = if collision.has_it {
            "any spelling"
        } else {
            "this spelling"
        };
        [email, name, since, disabled, by.to_owned(), id]
    });
    table(
        ["EMAIL", "NAME", "SINCE", "DISABLED", "SIGNS IN WITH", "ID"],
        rows,
    );
    Ok(())
}

async fn set_email(auth: &Auth, account: &Account, new: &str) -> Done {
    let new = Email::parse(new)?;
    match auth.emails().change(account.id, &new, Actor::Cli).await? {
        EmailChange::Changed => say("done"),
        EmailChange::Taken => return Err(format!("another account has {}", new.as_str()).into()),
        EmailChange::Unknown => return Err("the account is gone".into()),
    }
    Ok(())
}

async fn create(auth: &Auth, matches: &ArgMatches) -> Done {
    let password = read_password()?;
    let new = SignUp {
        name: Name::parse(text(matches, "name"))?,
        email: Email::parse(text(matches, "email"))?,
        password: Password::parse(&password)?,
    };
    say(&auth
        .accounts()
        .create(new, Actor::Cli)
        .await?
        .id
        .to_string());
    Ok(())
}

/// The first line of standard input. A terminal does not show what is typed.
fn read_password() -> io::Result<String> {
    if io::stdin().is_terminal() {
        return rpassword::prompt_password("Password: ");
    }
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

async fn change(auth: &Auth, what: &str, matches: &ArgMatches) -> Done {
    let email = Email::parse(text(matches, "email"))?;
    let account = auth
        .accounts()
        .find_by_email(&email)
        .await?
        .ok_or_else(|| format!("there is no account {}", email.as_str()))?;
    let role = || text(matches, "role").parse::<Role>();
    let changed = match what {
        "grant" => auth.roles().grant(account.id, &role()?, Actor::Cli).await?,
        "revoke" => {
            auth.roles()
                .revoke(account.id, &role()?, Actor::Cli)
                .await?
        }
        "disable" => auth.accounts().disable(account.id, Actor::Cli).await?,
        "enable" => auth.accounts().enable(account.id, Actor::Cli).await?,
        "set-email" => return set_email(auth, &account, text(matches, "new")).await,
        _ => return show(auth, &account).await,
    };
    say(if changed { "done" } else { "nothing to change" });
    Ok(())
}

async fn show(auth: &Auth, account: &Account) -> Done {
    let [email, name, roles, since, disabled] = row(account);
    for (label, value) in [
        ("id", account.id.to_string()),
        ("email", email),
        ("name", name),
        ("roles", roles),
        ("since", since),
        ("disabled", disabled),
    ] {
        say(&format!("{label:8} {value}"));
    }
    let (mut rows, mut after) = (Vec::new(), None);
    loop {
        let page = auth.sessions().list_of(account.id, after, PAGE).await?;
        after = page.last().map(|session| session.id);
        rows.extend(page.into_iter().map(|session| {
            [
                session.id.to_string(),
                session.generation.get().to_string(),
                session.ip,
                time(session.created_at),
                time(session.seen_at),
                session.user_agent,
            ]
        }));
        if after.is_none() {
            break;
        }
    }
    table(
        [
            "SESSION",
            "GENERATION",
            "IP",
            "SIGNED IN",
            "LAST SEEN",
            "CLIENT",
        ],
        rows,
    );
    Ok(())
}

fn row(account: &Account) -> [String; 5] {
    [
        account.email.as_str().to_owned(),
        account.name.as_str().to_owned(),
        account.roles.to_string(),
        time(account.created_at),
        account.disabled_at.map(time).unwrap_or_default(),
    ]
}

fn text<'a>(matches: &'a ArgMatches, name: &str) -> &'a str {
    matches.get_one::<String>(name).map_or("", String::as_str)
}
