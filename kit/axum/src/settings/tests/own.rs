//! Settings that an app has besides the kit's.

use super::{
    super::{Names, Together, flags, load_with, markdown, reference},
    *,
};

crate::settings_section! {
    /// Settings of an app that keeps notes.
    struct NotesSettings in "Notes" {
        /// Notes that one account may have.
        notes_max: u32 = "100" in "1"..="1000";

        /// Notes that one account may have on a page.
        notes_page: u32 = "20" in "1"..="1000";

        /// Whether notes are there.
        notes: bool = "<true on the loopback>";

        /// The folder of the notes.
        notes_dir: std::path::PathBuf = "<data_dir>/notes";
    }
    together: together;
}

fn together(notes: &NotesSettings, kit: &Settings) -> Vec<Together> {
    assert!(!kit.server.base_url.origin().is_empty());
    vec![Together {
        key: "notes_page",
        rule: "not be more than",
        other: "notes_max",
        kept: notes.notes_page <= notes.notes_max,
    }]
}

crate::settings_section! {
    /// More of the same app.
    struct MailSettings in "Mail" {
        /// How often mail is tried again.
        mail_retries: u32 = "1";
    }
}

fn load_notes(sources: &Sources) -> Loaded<NotesSettings> {
    load_with(sources).unwrap()
}

fn faults(sources: &Sources) -> String {
    load_with::<NotesSettings>(sources).unwrap_err().to_string()
}

#[test]
fn they_come_from_all_sources_and_the_highest_wins() {
    let sources = nothing();
    let notes = load_notes(&sources).own;
    assert_eq!((notes.notes_max, notes.notes_page), (100, 20));
    assert!(notes.notes_dir.ends_with("data/notes"));
    let sources = sources.file("notes_max = 50\nlog = 'warn'");
    assert_eq!(load_notes(&sources).own.notes_max, 50);
    let sources = sources.variable("MONBAN_NOTES_MAX", "60");
    assert_eq!(load_notes(&sources).own.notes_max, 60);
    let loaded = load_notes(&sources.flag("notes_max", "70"));
    assert_eq!(loaded.own.notes_max, 70);
    assert_eq!(loaded.origins["notes_max"], super::super::Origin::Flag);
    assert_eq!(loaded.settings.log.log.as_str(), "warn");
}

#[test]
fn what_is_there_on_the_loopback_is_elsewhere_there_by_name_only() {
    let away = || nothing().file("base_url = 'https://accounts.example.com'");
    let notes = |sources: &Sources| load_notes(sources).own.notes;
    assert!(notes(&nothing()));
    assert!(!notes(&away()));
    assert!(notes(&away().flag("base_url", "https://localhost:8443")));
    assert!(notes(&away().variable("MONBAN_NOTES", "true")));
    assert!(!notes(&nothing().variable("MONBAN_NOTES", "false")));
}

#[test]
fn their_faults_are_told_with_the_kits_and_their_names_are_offered() {
    let sources = nothing()
        .file("notes_mx = 5")
        .variable("MONBAN_NOTES_MAX", "0")
        .variable("MONBAN_LISTEN", "3000");
    assert_eq!(
        faults(&sources),
        r#"monban.toml: unknown key "notes_mx"; did you mean "notes_max"?
MONBAN_LISTEN: "3000" is not allowed; give an IP address and a port, such as 127.0.0.1:3000 or [::]:3000
MONBAN_NOTES_MAX: "0" is not allowed; give a whole number from 1 to 1000, such as 100"#
    );
    assert_eq!(
        faults(&nothing().flag("notes_page", "101")),
        "notes_page must not be more than notes_max, but notes_page is 101 (flag) and notes_max is \
         100 (default)"
    );
}

#[test]
fn a_program_without_them_does_not_know_them() {
    let faults = nothing().variable("MONBAN_NOTES_MAX", "5").faults();
    assert!(faults.starts_with(r#"unknown variable "MONBAN_NOTES_MAX"; "#));
}

#[test]
fn both_references_and_the_flags_have_them_behind_the_kits() {
    let table = reference(&load_notes(&nothing()));
    assert!(table.contains("\n\nNotes\nnotes_max "), "{table}");
    let page = markdown::<NotesSettings>(Names::default());
    let row = "| `notes_max` | `MONBAN_NOTES_MAX` | `100` | a whole number from 1 to 1000 |";
    assert!(page.contains(row), "{page}");
    assert!(page.starts_with("## Server\n"));
    let flags = flags::<NotesSettings>(Names::default());
    let last = flags.last().unwrap();
    assert_eq!(last.get_long(), Some("notes-dir"));
    assert_eq!(last.get_help_heading(), Some("Notes"));
}

#[test]
fn a_program_of_another_name_spells_its_variables_by_it() {
    let names = Names::of("my-notes");
    let sources = Sources::of(names)
        .variable("MY_NOTES_ACCESS_TTL", "2s")
        .variable("MY_NOTES_NOTES_MAX", "60")
        .variable("MY_NOTES_CONFIG", "elsewhere.toml")
        .variable("MY_NOTES_SERVICE_HOST", "10.0.0.11")
        .variable("MONBAN_NOTES_MAX", "70");
    let loaded = load_notes(&sources);
    assert_eq!(loaded.own.notes_max, 60);
    assert_eq!(loaded.settings.sessions.access_ttl.as_secs(), 2);
    let sources = Sources::of(names)
        .variable("MY_NOTES_ACCES_TTL", "2s")
        .variable("MY_NOTES_NOTES_MAX", "0");
    assert_eq!(
        faults(&sources),
        r#"unknown variable "MY_NOTES_ACCES_TTL"; did you mean "MY_NOTES_ACCESS_TTL"?
MY_NOTES_NOTES_MAX: "0" is not allowed; give a whole number from 1 to 1000, such as 100"#
    );
    let page = markdown::<NotesSettings>(names);
    assert!(
        page.contains("| `notes_max` | `MY_NOTES_NOTES_MAX` |"),
        "{page}"
    );
    assert!(!page.contains("MONBAN_"), "{page}");
    let config = flags::<NotesSettings>(names).remove(0);
    let help = config.get_help().unwrap().to_string();
    assert!(
        help.contains("my-notes.toml") && help.contains("MY_NOTES_CONFIG"),
        "{help}"
    );
}

#[test]
fn an_app_may_have_several_sections() {
    let sources = nothing().variable("MONBAN_MAIL_RETRIES", "7");
    let loaded = load_with::<(NotesSettings, MailSettings)>(&sources).unwrap();
    let (notes, mail) = loaded.own;
    assert_eq!((notes.notes_max, mail.mail_retries), (100, 7));
}

#[test]
#[should_panic(expected = "the setting mail_retries is declared twice")]
fn two_settings_of_one_name_are_a_mistake_in_the_program() {
    let _loaded = load_with::<(MailSettings, MailSettings)>(&nothing());
}
