//! The pages of notes, and the server functions behind them.

use leptos::{either::Either, form::ActionForm, prelude::*};
use leptos_meta::Title;
use monban_leptos::components::{Failure, SignedIn};
use monban_leptos::{client::SessionClient, error::AppError};
use serde::{Deserialize, Serialize};
use server_fn::codec::GetUrl;
#[cfg(feature = "ssr")]
use {crate::Store, monban_leptos::server::*};

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

/// Keeps a note.
#[server(prefix = "/api", endpoint = "add_note", client = SessionClient)]
pub async fn add_note(text: String) -> Result<(), AppError> {
    let (member, store) = (require_account()?, extension::<Store>()?);
    if text.trim().is_empty() || text.len() > 2_000 {
        return Err(AppError::BadRequest);
    }
    store.add(member.sub, text.trim()).await.map_err(fault)
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
            let notes = Resource::new_blocking(move || add.version().get(), |_| list_notes());
            view! {
                <h1>"Your notes"</h1>
                <ActionForm action=add>
                    <label for="text">"New note"</label>
                    <input id="text" name="text" required maxlength="500" autocomplete="off"/>
                    <button type="submit">"Add"</button>
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
        <SignedIn role="editor" page=|_| {
            let count = Resource::new_blocking(|| (), |()| count_notes());
            view! {
                <h1>"For editors"</h1>
                <Suspense>
                    {move || Suspend::new(async move {
                        count.await.ok().map(|count| view! { <p>"Notes in all: " {count}</p> })
                    })}
                </Suspense>
            }
        }/>
    }
}
