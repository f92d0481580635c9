//! What may be set of the learning pages.

monban_axum::settings_section! {
    /// The learning pages' own settings.
    pub struct LearnSettings in "Learning pages" {
        /// Whether there are learning pages (`/learn`), which explain the running system on the
        /// visitor's own session and on throwaway accounts; by default only where `base_url` is on
        /// the loopback, as a site for real users can do without.
        learn: bool = "<true on the loopback>";
    }
}

#[cfg(test)]
mod tests {
    use monban_axum::settings::{Origin, Sources, load_with};

    use super::*;

    #[test]
    fn the_learning_pages_are_there_on_the_loopback_and_elsewhere_by_name_only() {
        let learn = |sources: Sources| {
            let loaded = load_with::<LearnSettings>(&sources).unwrap();
            (loaded.own.learn, loaded.origins["learn"].clone())
        };
        let nothing = Sources::default;
        let at = |url: &str| nothing().variable("MONBAN_BASE_URL", url);
        let away = || at("https://accounts.example.com");
        assert_eq!(learn(nothing()), (true, Origin::Default));
        assert_eq!(learn(away()), (false, Origin::Default));
        assert_eq!(learn(at("https://localhost:8443")), (true, Origin::Default));
        assert_eq!(
            learn(away().variable("MONBAN_LEARN", "true")),
            (true, Origin::Environment)
        );
        assert_eq!(
            learn(nothing().variable("MONBAN_LEARN", "false")),
            (false, Origin::Environment)
        );
    }
}
