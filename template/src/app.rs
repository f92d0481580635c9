//! The document, the frame, the routes, and the first pages.

use leptos::{either::Either, prelude::*};
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{A, Route, Router, Routes},
    path,
};
use monban_leptos::{
    client::SessionClient,
    components::{NoticeBar, SignOutButton, SignedIn},
    error::AppError,
    page::CurrentAccount,
    pages::{AccountRoutes, NotFoundPage},
    provide_accounts,
};

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
        <Title formatter=|title: String| format!("{title} · {{project-name}}")/>
        <Router>
            <Header/>
            <main id="main" tabindex="-1">
                <NoticeBar/>
                <Routes fallback=NotFoundPage>
                    <Route path=path!("/") view=HomePage ssr=SsrMode::Async/>
                    <Route path=path!("/members") view=MembersPage ssr=SsrMode::Async/>
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
            <A href="/">"Home"</A>
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

/// `/`: for everybody.
#[component]
fn HomePage() -> impl IntoView {
    view! {
        <Title text="Home"/>
        <h1>"Hello"</h1>
        <p><A href="/members">"For members"</A></p>
    }
}

/// `/members`: for members.
#[component]
fn MembersPage() -> impl IntoView {
    view! {
        <Title text="For members"/>
        <SignedIn page=|account| {
            let roles = Resource::new_blocking(|| (), |()| my_roles());
            view! {
                <h1>"Hello " {account.name}</h1>
                <Suspense>
                    {move || Suspend::new(async move {
                        roles.await.ok().map(|roles| view! { <p>"Your roles: " {roles}</p> })
                    })}
                </Suspense>
            }
        }/>
    }
}

/// What roles whoever asks has: a server function for members.
#[server(prefix = "/api", endpoint = "my_roles", client = SessionClient)]
pub async fn my_roles() -> Result<String, AppError> {
    let member = monban_leptos::server::require_account()?;
    Ok(member.roles.join(", "))
}
