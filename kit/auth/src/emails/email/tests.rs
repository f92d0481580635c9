use proptest::prelude::*;

use super::*;

fn stored(typed: &str) -> String {
    let email = Email::parse(typed);
    email.map_or_else(|error| error.to_string(), |email| email.stored)
}

#[test]
fn an_address_has_one_spelling() {
    for typed in [" Ann@Example.COM ", "Ann@example.com", "Ann@EXAMPLE.com\n"] {
        assert_eq!(stored(typed), "Ann@example.com");
    }
    for typed in ["門番@例え.jp", "門番@xn--r8jz45g.jp", "門番@XN--R8JZ45G.JP"] {
        assert_eq!(stored(typed), "門番@xn--r8jz45g.jp");
    }
    // U+00E9 against e + U+0301.
    assert_eq!(
        stored("caf\u{e9}@example.com"),
        stored("cafe\u{301}@example.com")
    );
}

#[test]
fn what_keyboards_and_pasting_produce_is_taken_for_what_was_meant() {
    for typed in [
        "ann-lee@example.com",
        "ann-lee＠example.com",
        "ann-lee﹫example.com",
        "ａｎｎ－ｌｅｅ＠ｅｘａｍｐｌｅ．ｃｏｍ",
        "annーlee@example。com",
        "ａｎｎｰｌｅｅ＠ｅｘａｍｐｌｅ｡ｃｏｍ",
        "ann\u{2011}lee@example.com",
        "ann\u{2212}lee@example.com",
        "ann–lee@example.com",
        "\u{200b}ann-lee@example.com",
        "\u{feff}ann-lee@example.com\u{200d}",
        "ann\u{ad}-lee@exam\u{200b}ple.com",
        "\u{202a}ann-lee@example.com\u{202c}",
        "\u{a0}ann-lee@example.com\u{a0}",
        "\u{3000}ann-lee@example.com\u{3000}",
        "\u{2003}ann-lee@example.com\u{202f}\t\r\n",
        "ann-lee@example.com.",
        "ann-lee@example.com。",
        "ann-lee@EXAMPLE.COM",
    ] {
        assert_eq!(stored(typed), "ann-lee@example.com", "{typed:?}");
    }
    for (typed, expected) in [
        ("ｱﾝ@example.com", "アン@example.com"),
        ("ﾄﾞｱ@ﾄﾞﾒｲﾝ.jp", "ドア@xn--eckwd4c7c.jp"),
        ("葛\u{e0100}城@例え。ｊｐ", "葛城@xn--r8jz45g.jp"),
        ("o’hara@example.com", "o'hara@example.com"),
        ("ﬁona@example.com", "fiona@example.com"),
        ("ann＋news@example.com", "ann+news@example.com"),
        // A long vowel is one where it is spoken.
        ("ヒーロー@スーパー.jp", "ヒーロー@xn--zck5b0gb.jp"),
    ] {
        assert_eq!(stored(typed), expected, "{typed:?}");
    }
}

#[test]
fn what_is_no_address_is_refused() {
    for typed in ["", "  ", "\u{3000}\u{a0}\u{200b}\u{feff}"] {
        assert_eq!(Email::parse(typed), Err(EmailError::Empty), "{typed:?}");
    }
    for typed in [
        "ann",
        "@example.com",
        "ann@",
        "ann@exa mple.com",
        "ann@exa\u{3000}mple.com",
        "a b@example.com",
        "ann @example.com",
        "ann@localhost",
        "Ann <ann@example.com>",
        "mailto:ann@example.com",
        "ann@[127.0.0.1]",
        "ann@example..com",
        "ann@example.com..",
        "ann＠＠example.com",
        "ann@example.com、bob@example.com",
    ] {
        assert_eq!(Email::parse(typed), Err(EmailError::Malformed), "{typed}");
    }
    let long = format!("ann@{}.com", ["a".repeat(60).as_str(); 5].join("."));
    assert!(matches!(
        Email::parse(&long),
        Err(EmailError::TooLong | EmailError::Malformed)
    ));
}

#[test]
fn whoever_was_stored_to_the_letter_is_still_looked_for_so() {
    let spellings = |typed: &str| Email::parse(typed).unwrap().spellings().map(str::to_owned);
    assert_eq!(
        spellings("ａｎｎ@example.com"),
        ["ａｎｎ@example.com", "ann@example.com"]
    );
    assert_eq!(spellings("ann＠example.com"), ["ann@example.com"; 2]);
    assert_eq!(spellings("Ann@example.com"), ["Ann@example.com"; 2]);
    // Taken before, and none once it is normalised.
    assert_eq!(spellings("⑴@example.com"), ["⑴@example.com"; 2]);
}

#[test]
fn all_spellings_of_a_mailbox_fold_alike_and_two_mailboxes_do_not() {
    for spelling in [
        "Ann-Lee@Example.com",
        "ANN-LEE@EXAMPLE.COM.",
        "Ａｎｎ－Ｌｅｅ＠ｅｘａｍｐｌｅ。ｃｏｍ",
        "\u{200b}annーlee@example.com ",
    ] {
        assert_eq!(fold(spelling), "ann-lee@example.com", "{spelling:?}");
    }
    assert_eq!(fold("ΟΔΥΣΣΕΥΣ@example.com"), fold("οδυσσευς@example.com"));
    assert_eq!(fold("Émile@example.com"), fold("e\u{301}mile@example.com"));
    let others = [
        "ann@example.com",
        "ann.@example.com",
        "a.nn@example.com",
        "ann+x@example.com",
        "ann@example.org",
        "ànn@example.com",
        "anı@example.com",
        "ani@example.com",
        "straße@example.com",
        "strasse@example.com",
    ];
    let folded: std::collections::BTreeSet<_> = others.map(fold).into();
    assert_eq!(folded.len(), others.len());
}

#[test]
fn every_character_folds_to_what_stays_as_it_is() {
    // All planes that hold anything that folds.
    let some = ('\0'..='\u{1ffff}')
        .chain('\u{2f800}'..='\u{2fa1f}')
        .chain('\u{e0000}'..='\u{e0fff}');
    for c in some {
        let text = format!("a–{c}b{c}@a{c}b.com");
        let folded = fold(&text);
        assert_eq!(fold(&folded), folded, "{text:?}");
    }
}

#[test]
fn what_no_index_could_hold_is_left_as_it_is() {
    let long = format!("{}@example.com", "\u{fdfa}".repeat(80));
    assert_eq!(fold(&long), long);
}

#[test]
fn an_address_does_not_print() {
    let email = Email::parse("ａｎｎ@example.com").unwrap();
    assert_eq!(format!("{email:?}"), "Email([redacted])");
}

/// How somebody may come to type a character.
fn spelled(c: char, how: u8) -> String {
    let wide = |c: char| match c {
        '!'..='~' => char::from_u32(u32::from(c) + 0xFEE0).unwrap_or(c),
        _ => c,
    };
    match how {
        0 => c.to_ascii_uppercase().to_string(),
        1 => wide(c).to_string(),
        2 => wide(c.to_ascii_uppercase()).to_string(),
        3 => format!("{c}\u{200b}"),
        4 if c == '.' => "。".to_owned(),
        4 => format!("\u{feff}{c}"),
        _ => c.to_string(),
    }
}

proptest! {
    #[test]
    fn folding_what_is_folded_changes_nothing(text in any::<String>(), domain in any::<String>()) {
        for text in [text.clone(), format!("{text}@{domain}"), format!("{text}@example.com")] {
            let folded = fold(&text);
            prop_assert_eq!(fold(&folded), folded);
        }
    }

    #[test]
    fn what_is_stored_is_stored_alike_when_it_is_typed(text in any::<String>()) {
        if let Ok(email) = Email::parse(&format!("{text}@example.com")) {
            let again = Email::parse(email.as_str()).unwrap();
            prop_assert_eq!(again.as_str(), email.as_str());
            prop_assert_eq!(again.folded(), email.folded());
        }
    }

    #[test]
    fn one_mailbox_folds_alike_however_it_is_spelled(
        address in "[a-z0-9]{1,8}([.+_-][a-z0-9]{1,8})?@[a-z0-9]{1,8}(-[a-z0-9]{1,4})?\\.(com|co\\.jp)",
        hows in prop::collection::vec(0u8..6, 40),
    ) {
        let typed: String = address.chars().zip(&hows).map(|(c, how)| spelled(c, *how)).collect();
        let email = Email::parse(&typed).unwrap();
        prop_assert_eq!(email.folded(), address.clone());
        prop_assert_eq!(email.as_str().to_ascii_lowercase(), address);
    }
}
