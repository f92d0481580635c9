//! An app of somebody's own: its account pages below a prefix, its words in the place of the kit's, and a
//! form of its own beside theirs.

use axum::{Router, http::header};
use leptos::{form::ActionForm, prelude::*};
use leptos_meta::{MetaTags, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{Route, Router as Pages, Routes},
    path,
};
use monban_axum::{Accounts, AppState};
use monban_leptos::{
    components::{NoticeBar, Preferences},
    error::{AppError, FieldErrorKind},
    flash::Notice,
    form::{Form, FormError, FormState, Once, SubmitButton, TextField},
    i18n::OwnText,
    pages::{AccountRoutes, NotFoundPage},
    provide_accounts,
    server::{page_language, request},
};

use crate::{
    app::{EMAIL, NAME, PASSWORD, Setting, TestApp},
    browser::{ACCESS, Answer, Browser, FLASH, as_navigation},
};

/// Where this app's own server functions are: no part of Monban, though in one binary with its tests.
pub const API: &str = "/api/own_app/";

const FEEDBACK: Form = Form::new("feedback", "/feedback")
    .keeps(&["subject"])
    .ticked(&["answer"]);

const TEXTS: &[OwnText] = &[
    OwnText::new("sign_in.lead", "Welcome <back>.", "おかえりなさい。"),
    OwnText::new("sign_up.password_hint", "{{ min }} or more.", "{{ min }}～"),
    OwnText::new("page_error.refused_title", "No & no", "だめ"),
];

#[server(prefix = "/api/own_app", endpoint = "send_feedback")]
async fn send_feedback(
    subject: String,
    #[server(default)] answer: bool,
    #[server(default)] password: String,
) -> Result<(), AppError> {
    let request = request()?;
    let typed = FEEDBACK.typed(|name| match name {
        "subject" => Some(&*subject),
        "answer" => answer.then_some("true"),
        _ => Some(&*password),
    });
    let outcome = if subject.len() > 20 {
        Err(AppError::field("subject", FieldErrorKind::TooLong))
    } else {
        Ok(())
    };
    let thanks = Some(Notice::new("thanks"));
    request.respond_to_form(&FEEDBACK, FEEDBACK.path(), typed, thanks, outcome)
}

#[component]
fn FeedbackPage() -> impl IntoView {
    let action = ServerAction::<SendFeedback>::new();
    let FormState {
        error,
        pending,
        typed,
    } = FormState::new(&FEEDBACK, action);
    let typed = typed.unwrap_or_default();
    view! {
        <ActionForm action=action attr:id=Form::ELEMENT>
            <FormError error/>
            <Once/>
            <TextField name="subject" autocomplete="off" label="Subject" value=typed.value("subject") error/>
            <input type="checkbox" name="answer" value="true" checked=!typed.is_unticked("answer")/>
            <SubmitButton pending label="Send"/>
        </ActionForm>
    }
}

#[component]
fn App() -> impl IntoView {
    provide_meta_context();
    provide_accounts();
    view! {
        <Pages>
            <Preferences/>
            <NoticeBar own=|notice| (notice == "thanks").then(|| "Thank you!".to_owned())/>
            <Routes fallback=NotFoundPage>
                <Route path=path!("/") view=|| "Hello" ssr=SsrMode::Async/>
                <Route path=path!("/feedback") view=FeedbackPage ssr=SsrMode::Async/>
                <AccountRoutes/>
            </Routes>
        </Pages>
    }
}

fn with_pages(accounts: Accounts) -> (Accounts, Router<AppState>) {
    let pages = accounts.pages(App, |_| {
        let (language, _) = page_language();
        view! {
            <!DOCTYPE html>
            <html lang=language.tag()>
                <head><MetaTags/></head>
                <body><App/></body>
            </html>
        }
    });
    (accounts, pages)
}

/// With a prefix, and words and a form of its own.
async fn with_all_of_it() -> TestApp {
    below("/accounts").await
}

/// The same with that prefix.
async fn below(prefix: &'static str) -> TestApp {
    let app = Setting::default();
    app.start_app(move |accounts, _| {
        let accounts = accounts.prefix(prefix).texts(TEXTS);
        with_pages(accounts.forms(&[&FEEDBACK]))
    })
    .await
}

async fn in_japanese(browser: &mut Browser, path: &str) -> Answer {
    let page = browser
        .navigation(path)
        .header(header::ACCEPT_LANGUAGE, "ja");
    browser.send(page).await
}

#[tokio::test]
async fn the_account_pages_stand_below_the_prefix_and_nowhere_else() {
    for prefix in ["/accounts", "/members/area"] {
        let app = below(prefix).await;
        let mut browser = app.member().await;
        for page in ["/account", "/account/sessions"] {
            assert_eq!(browser.navigate(page).await.status, 404, "{page}");
            let below = browser.navigate(&format!("{prefix}{page}")).await;
            assert_eq!(below.status, 200, "{prefix}{page}");
        }
        for page in ["/sign-in", "/sign-up"] {
            let mut stranger = app.browser();
            assert_eq!(stranger.navigate(page).await.status, 404, "{page}");
            let below = stranger.navigate(&format!("{prefix}{page}")).await;
            assert_eq!(below.status, 200, "{prefix}{page}");
            assert!(!below.shows("href=\"/sign-"), "{}", below.body);
            let link = format!("href=\"{prefix}/sign-");
            assert!(below.shows(&link), "{}", below.body);
            let next = format!("name=\"next\" value=\"{prefix}/account\"");
            assert!(below.shows(&next), "{}", below.body);
        }
        assert_eq!(browser.navigate("/").await.status, 200);

        let robots = browser.navigate("/robots.txt").await;
        let closed = format!("Disallow: {prefix}/account\nDisallow: {prefix}/admin/\n");
        assert!(robots.shows(&closed), "{}", robots.body);
        let change = browser.navigate("/.well-known/change-password").await;
        assert_eq!(change.location(), format!("{prefix}/account"));
    }
}

#[tokio::test]
async fn who_is_led_to_sign_in_or_on_from_there_stays_below_the_prefix() {
    let app = with_all_of_it().await;
    app.member().await;
    let mut browser = app.browser();
    let guarded = browser.navigate("/accounts/account/sessions").await;
    assert_eq!(
        guarded.location(),
        "/accounts/sign-in?next=/accounts/account/sessions"
    );
    let form = [("email", EMAIL), ("password", "not the one, sorry")];
    let refused = browser.submit("sign_in", &form).await;
    assert_eq!(
        refused.location(),
        "/accounts/sign-in?next=/accounts/account"
    );
    let page = browser.follow(&refused).await;
    assert!(page.shows("Wrong email or password.") && page.shows(EMAIL));
    let form = [("email", EMAIL), ("password", PASSWORD)];
    let signed_in = browser.submit("sign_in", &form).await;
    assert_eq!(signed_in.location(), "/accounts/account");
    let visited = browser.navigate("/accounts/sign-in").await;
    assert_eq!(visited.location(), "/accounts/account", "is there already");

    let saved = browser.submit("update_account", &[("name", NAME)]).await;
    assert_eq!(saved.location(), "/accounts/account");
    assert!(browser.follow(&saved).await.shows("Saved."));
    let others = browser.submit("end_other_sessions", &[]).await;
    assert_eq!(others.location(), "/accounts/account/sessions");
    let out = browser.submit("sign_out", &[]).await;
    assert_eq!(out.location(), "/");
    assert!(out.removes(ACCESS));
}

#[tokio::test]
async fn a_draft_and_a_browser_without_cookies_find_the_form_below_the_prefix() {
    let app = with_all_of_it().await;
    let mut browser = app.browser();
    let page = format!("{}/accounts/sign-in", app.origin());
    let switched = browser
        .submission("set_theme", &[("theme", "dark"), ("email", "half@an")])
        .header("referer", &page);
    let switched = browser.send(switched).await;
    assert_eq!(switched.location(), "/accounts/sign-in");
    let shown = browser.follow(&switched).await;
    assert!(shown.shows("value=\"half@an\"") && !shown.shows(" checked"));

    let told = app
        .browser()
        .navigate("/accounts/sign-in?cookies=refused")
        .await;
    assert!(told.shows("accept this site"), "{}", told.body);
}

#[tokio::test]
async fn without_a_prefix_the_same_app_has_them_where_they_always_are() {
    let app = Setting::default();
    let app = app.start_app(|accounts, _| with_pages(accounts)).await;
    let mut browser = app.browser();
    let page = browser.navigate("/sign-in").await;
    assert!(page.shows("Good to see you again.") && page.shows("href=\"/sign-up\""));
    let guarded = browser.navigate("/account").await;
    assert_eq!(guarded.location(), "/sign-in?next=/account");
}

#[tokio::test]
async fn an_apps_own_words_are_said_by_the_page_and_sent_with_it_in_its_language() {
    let app = with_all_of_it().await;
    let mut browser = app.browser();
    let english = browser.navigate("/accounts/sign-in").await;
    assert!(english.shows("<p class=\"lead\">Welcome &lt;back&gt;."));
    assert!(!english.shows("Good to see you again."));
    assert!(
        english.shows("Keep me signed in"),
        "the others are the kit's"
    );
    let hint = browser.navigate("/accounts/sign-up").await;
    assert!(hint.shows(">15 or more."), "{}", hint.body);
    let japanese = in_japanese(&mut browser, "/accounts/sign-in").await;
    assert!(japanese.shows("<p class=\"lead\">おかえりなさい。"));
    for (page, sent, other) in [
        (english, "Welcome", "おかえり"),
        (japanese, "おかえり", "Welcome"),
    ] {
        let told = page.body.split("own_texts").last().unwrap();
        assert!(
            told.contains("sign_in.lead") && told.contains(sent),
            "{told}"
        );
        assert!(!told.contains(other), "one language is enough: {told}");
    }
    let post = browser.post("sign_out", &[]);
    let post = as_navigation(post.header("sec-fetch-site", "cross-site"));
    let refused = browser.send(post).await;
    assert!(refused.shows("<h1>No &amp; no"), "{}", refused.body);
}

#[tokio::test]
async fn a_form_of_an_apps_own_keeps_what_was_typed_and_says_what_is_wrong() {
    let app = with_all_of_it().await;
    let mut browser = app.browser();
    let long = "more than twenty letters";
    let form = [("subject", long), ("password", "my secret")];
    let refused = browser.submit("own_app/send_feedback", &form).await;
    assert_eq!((refused.status, refused.location()), (302, "/feedback"));
    assert_eq!(refused.cookie_names(), [FLASH]);
    let page = browser.follow(&refused).await;
    assert!(page.shows("This is too long.") && page.shows(&format!("value=\"{long}\"")));
    assert!(page.shows("aria-invalid=\"true\"") && !page.shows(" checked"));
    assert!(!page.shows("my secret"));

    let form = [("subject", "Hello"), ("answer", "true")];
    let sent = browser.submit("own_app/send_feedback", &form).await;
    assert!(browser.follow(&sent).await.shows("Thank you!"));

    let switch = [
        ("language", "ja"),
        ("subject", "half a"),
        ("answer", "true"),
        ("secret", "never named"),
    ];
    let switched = browser
        .submission("set_language", &switch)
        .header("referer", format!("{}/feedback", app.origin()));
    let switched = browser.send(switched).await;
    assert_eq!(switched.location(), "/feedback");
    let page = browser.follow(&switched).await;
    assert!(page.shows("value=\"half a\"") && page.shows(" checked"));
    assert!(page.shows("lang=\"ja\"") && !page.shows("never named"));
}

#[tokio::test]
async fn what_nobody_knows_the_words_of_is_not_said() {
    let app = with_all_of_it().await;
    let mut browser = app.browser();
    for left in [
        r#"{"notice":"of another version"}"#,
        r#"{"form":{"form":"gone","error":{"code":"busy"},"typed":["x","y"]}}"#,
        r#"{"draft":{"form":"sign_in","typed":["email"]}}"#,
        r#"{"form":{"form":"sign_in","error":{"code":"busy"},"typed":{"email":"a@b.c"}}}"#,
    ] {
        use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
        browser.cookies.set(FLASH, &URL_SAFE_NO_PAD.encode(left));
        let page = browser.navigate("/accounts/sign-in").await;
        assert_eq!(page.status, 200, "{left}");
        assert!(
            page.shows("<div role=\"status\" hidden class=\"notice\">"),
            "{}",
            page.body
        );
        assert!(page.shows("<div role=\"alert\" tabindex=\"-1\" hidden class=\"form-error\">"));
        assert!(!page.shows("of another version</"), "{left}");
    }
}
