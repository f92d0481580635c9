//! The document, the frame, and the routes: the app's own beside those of the accounts.

use leptos::{either::Either, prelude::*};
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{A, Route, Router, Routes};
use leptos_router::{SsrMode, path};
use monban_leptos::components::{NoticeBar, SignOutButton};
use monban_leptos::pages::{AccountRoutes, NotFoundPage};
use monban_leptos::{page::CurrentAccount, provide_accounts};

use crate::notes::{EditorsPage, NotesPage};

/// The document around [`App`].
#[cfg(feature = "ssr")]
pub fn shell(options: LeptosOptions) -> impl IntoView {
    use leptos_meta::MetaTags;
    use monban_leptos::server::{PageHead, page_language};
    let (language, theme) = page_language();
    view! {
        <!DOCTYPE html>
        <html lang=language.tag() data-theme=theme.name()>
            <head>
                <PageHead/>
                <AutoReload options=options/>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// The app.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_accounts();
    view! {
        <Title formatter=|title: String| format!("{title} · Notes")/>
        <Router>
            <Header/>
            <main id="main" tabindex="-1">
                <NoticeBar/>
                <Routes fallback=NotFoundPage>
                    <Route path=path!("/") view=NotesPage ssr=SsrMode::Async/>
                    <Route path=path!("/editors") view=EditorsPage ssr=SsrMode::Async/>
                    <AccountRoutes/>
                </Routes>
            </main>
        </Router>
    }
}

#[component]
fn Header() -> impl IntoView {
    let account = CurrentAccount::get();
    view! {
        <header>
            <A href="/">"Your notes"</A>
            {move || match account.get() {
                Some(account) => Either::Left(view! {
                    <A href="/account">{account.name}</A>
                    <SignOutButton class="link" label="Sign out"/>
                }),
                None => Either::Right(view! {
                    <A href="/sign-in">"Sign in"</A>
                    <A href="/sign-up">"Create account"</A>
                }),
            }}
        </header>
    }
}
