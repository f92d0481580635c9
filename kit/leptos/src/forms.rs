//! The forms in which somebody types: the kit's, and those that an app has beside them.

use crate::{account, form::Form, interface::Interface, sign_in, sign_up};

const FORMS: [&Form; 3] = [&sign_up::FORM, &sign_in::FORM, &account::FORM];

/// Each with the path of its page in this app.
fn all() -> impl Iterator<Item = (String, &'static Form)> {
    let Interface { prefix, forms, .. } = Interface::current();
    let kit = FORMS.map(|form| ([prefix, form.path()].concat(), form));
    kit.into_iter()
        .chain(forms.iter().map(|form| (form.path().to_owned(), *form)))
}

/// The form in which somebody types on the page at that path, if there is one.
pub(crate) fn typed_in_at(path: &str) -> Option<&'static Form> {
    all().find(|(at, _)| at == path).map(|(_, form)| form)
}

/// Where they are. A sign-up that is closed has none.
pub(crate) fn paths(sign_up_open: bool) -> Vec<String> {
    all()
        .filter(|(_, form)| sign_up_open || form.id() != sign_up::FORM.id())
        .map(|(path, _)| path)
        .collect()
}
