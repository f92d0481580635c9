//! What a form is.

use crate::flash::Typed;

/// A form: its id, where it stands, and what comes back in it when its page is made anew, because it was
/// refused or because the person chose another language or theme. An app's own as well as the kit's:
///
/// ```
/// use monban_leptos::form::Form;
///
/// pub const FEEDBACK: Form = Form::new("feedback", "/feedback")
///     .keeps(&["subject", "text"])
///     .ticked(&["answer"]);
/// ```
///
/// A password never comes back. A form that would keep one does not compile:
///
/// ```compile_fail
/// # use monban_leptos::form::Form;
/// const WRONG: Form = Form::new("sign_in", "/sign-in").keeps(&["email", "new_password"]);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Form {
    id: &'static str,
    path: &'static str,
    fields: &'static [&'static str],
    boxes: &'static [&'static str],
}

impl Form {
    /// What the one form in which somebody types is called in every document: its `id` attribute.
    pub const ELEMENT: &str = "typed";

    /// The form by that id, on the page at that path.
    pub const fn new(id: &'static str, path: &'static str) -> Self {
        Self {
            id,
            path,
            fields: &[],
            boxes: &[],
        }
    }

    /// Keeps what is typed in these fields.
    ///
    /// # Panics
    ///
    /// If one is a password, by its name.
    #[must_use]
    pub const fn keeps(self, fields: &'static [&'static str]) -> Self {
        let mut at = 0;
        while at < fields.len() {
            assert!(!is_password(fields[at]), "no form keeps a password");
            at += 1;
        }
        Self { fields, ..self }
    }

    /// Keeps that these boxes, which are ticked from the start, were not.
    #[must_use]
    pub const fn ticked(self, boxes: &'static [&'static str]) -> Self {
        Self { boxes, ..self }
    }

    /// Its id.
    pub const fn id(&self) -> &'static str {
        self.id
    }

    /// Where it stands.
    pub const fn path(&self) -> &'static str {
        self.path
    }

    /// The names of the fields whose text it keeps.
    pub(super) const fn fields(&self) -> &'static [&'static str] {
        self.fields
    }

    /// Whether somebody types in it.
    pub const fn is_typed_in(&self) -> bool {
        !self.fields.is_empty()
    }

    /// What is kept of what was sent, which `value` knows by the names of the fields.
    pub fn typed<'a>(&self, value: impl Fn(&str) -> Option<&'a str>) -> Typed {
        let mut typed = Typed::default();
        for name in self.fields {
            if let Some(value) = value(name).filter(|value| !value.is_empty()) {
                typed.add(name, value);
            }
        }
        for name in self.boxes {
            if value(name).is_none() {
                typed.add(name, "");
            }
        }
        typed
    }

    /// The same of these fields.
    pub fn typed_in(&self, sent: &[(&str, &str)]) -> Typed {
        self.typed(|name| {
            sent.iter()
                .find(|(of, _)| *of == name)
                .map(|(_, value)| *value)
        })
    }
}

/// Whether `password` stands anywhere in that name.
const fn is_password(name: &str) -> bool {
    let (name, word) = (name.as_bytes(), b"password");
    let mut start = 0;
    while start + word.len() <= name.len() {
        let mut at = 0;
        while at < word.len() && name[start + at].to_ascii_lowercase() == word[at] {
            at += 1;
        }
        if at == word.len() {
            return true;
        }
        start += 1;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: Form = Form::new("feedback", "/feedback")
        .keeps(&["subject", "text"])
        .ticked(&["answer"]);

    #[test]
    fn what_is_kept_is_what_the_form_names_and_nothing_else() {
        let typed = FORM.typed_in(&[("subject", "Hello"), ("text", ""), ("password", "secret")]);
        assert_eq!(typed.get("subject"), Some("Hello"));
        assert_eq!((typed.get("text"), typed.get("password")), (None, None));
        assert!(typed.is_unticked("answer"));
        assert!(FORM.typed_in(&[("answer", "true")]).is_empty());
    }

    #[test]
    fn a_password_is_known_by_its_name() {
        assert_eq!(
            ["password", "new_password", "oldPassword2"].map(is_password),
            [true; 3]
        );
        assert_eq!(["pass", "email", "passwor"].map(is_password), [false; 3]);
    }
}
