//! The pages of notes, and the server functions behind them.

use leptos::{either::Either, form::ActionForm, prelude::*};
use leptos_meta::Title;
use monban_leptos::components::{Failure, SignedIn};
use monban_leptos::{client::SessionClient, error::AppError, form::*};
use serde::{Deserialize, Serialize};
use server_fn::codec::GetUrl;
#[cfg(feature = "ssr")]
use {crate::Store, monban_leptos::error::FieldErrorKind, monban_leptos::server::*};

/// The form for a new note, which comes back with what was typed when it is refused.
const NEW_NOTE: Form = Form::new("new_note", "/").keeps(&["text"]);

/// A note.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct Note {
    /// Names it.
    pub id: i64,
    /// What it says.
    pub text: String,
}

/// The notes of whoever asks, the newest first.
#[server(prefix = "/api", endpoint = "list_notes", input = GetUrl, client = SessionClient)]
pub async fn list_notes() -> Result<Vec<Note>, AppError> {
    let (member, store) = (require_account()?, extension::<Store>()?);
    store.list(member.sub).await.map_err(fault)
}

/// Keeps a note, or says in the form why not.
#[server(prefix = "/api", endpoint = "add_note", client = SessionClient)]
pub async fn add_note(text: String) -> Result<(), AppError> {
    let (member, store) = (require_account()?, extension::<Store>()?);
    let outcome = match text.trim() {
        "" => Err(AppError::field("text", FieldErrorKind::Required)),
        long if long.chars().count() > 500 => Err(AppError::field("text", FieldErrorKind::TooLong)),
        text => store.add(member.sub, text).await.map_err(fault),
    };
    request()?.respond_to_form(&NEW_NOTE, "/", NEW_NOTE.typed_in(&[("text", &text)]), None, outcome)
}

/// How many notes everybody has together: for editors.
#[server(prefix = "/api", endpoint = "count_notes", input = GetUrl, client = SessionClient)]
pub async fn count_notes() -> Result<i64, AppError> {
    require_role("editor")?;
    extension::<Store>()?.count().await.map_err(fault)
}

/// `/`: for members.
#[component]
pub fn NotesPage() -> impl IntoView {
    view! {
        <Title text="Your notes"/>
        <SignedIn page=|_| {
            let add = ServerAction::<AddNote>::new();
            let (state, form) = (FormState::new(&NEW_NOTE, add), NodeRef::new());
            state.focus_first_error(form);
            empty_after_success(&NEW_NOTE, form, add);
            let notes = Resource::new_blocking(move || add.version().get(), |_| list_notes());
            view! {
                <h1>"Your notes"</h1>
                <ActionForm action=add node_ref=form attr:id=Form::ELEMENT>
                    <FormError error=state.error/>
                    <Once/>
                    <TextField name="text" autocomplete="off" label="New note" capitals=true
                        value=state.typed.unwrap_or_default().value("text") error=state.error/>
                    <SubmitButton pending=state.pending label="Add"/>
                </ActionForm>
                <Transition>
                    {move || Suspend::new(async move {
                        match notes.await {
                            Ok(notes) => Either::Left(view! {
                                <ul>{notes.into_iter().map(|note| view! { <li>{note.text}</li> }).collect_view()}</ul>
                            }),
                            Err(error) => Either::Right(view! { <Failure error within=true/> }),
                        }
                    })}
                </Transition>
            }
        }/>
    }
}

/// `/editors`: for whoever has that role.
#[component]
pub fn EditorsPage() -> impl IntoView {
    view! {
        <Title text="For editors"/>
        <SignedIn role="editor" page=|_| view! {
            <h1>"For editors"</h1>
            <Await future=count_notes() blocking=true let:count>
                {count.clone().ok().map(|count| view! { <p>"Notes in all: " {count}</p> })}
            </Await>
        }/>
    }
}
