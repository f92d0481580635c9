//! Refreshing, step by step.

use super::definition::{Flow, step};
use crate::sandbox::{
    FlowName,
    Participant::{Browser, Page, Server, Store},
};

pub(super) static REFRESH: Flow = Flow {
    name: FlowName::Refresh,
    participants: &[Page, Browser, Server, Store],
    steps: &[
        step(
            (Browser, Server),
            ("a stale access token", "期限切れのアクセストークン"),
            (
                "Minutes have passed. The page makes a call as always, unaware of that.",
                "数分が経ちました。ページは何も知らずに、いつもどおり呼び出します。",
            ),
            ("kit/leptos/src/session/client.rs", "SessionClient"),
            (7519, "4.1.4"),
        )
        .request(0),
        step(
            (Server, Browser),
            ("401 session_expired", "401 session_expired"),
            (
                "Not signed out: the code says that a refresh will help. No cookie is touched.",
                "サインアウトではありません。コードは「更新すればよい」と伝えます。Cookie には触れません。",
            ),
            ("kit/wire/src/error.rs", "AppError"),
            (9110, "15.5.2"),
        )
        .response(0),
        step(
            (Browser, Server),
            ("POST /api/refresh", "POST /api/refresh"),
            (
                "The client behind every call renews once, however many calls wait for it.",
                "どの呼び出しの裏にも同じクライアントがいて、待っている呼び出しがいくつあっても更新は 1 回だけです。",
            ),
            ("kit/leptos/src/session/refresh.rs", "refresh"),
            (6749, "6"),
        )
        .request(1),
        step(
            (Server, Store),
            ("generation 1 → 2", "世代 1 → 2"),
            (
                "Compare-and-swap: the row moves on only if it is still at the generation that the token names. Of two that try, one wins.",
                "compare-and-swap です。行がトークンの言うとおりの世代にあるときだけ先へ進みます。二つが同時に試みても、勝つのは一つです。",
            ),
            ("kit/auth/src/sessions/rotation.rs", "verdict"),
            (9700, "4.14.2"),
        )
        .row(1),
        step(
            (Server, Browser),
            ("200, a new pair", "200、新しいトークンの組"),
            (
                "Both cookies are new. The old refresh token still gets the same answer for a short while, in case this one is lost on the way.",
                "Cookie は二つとも新しくなります。この応答が途中で失われても困らないように、古いリフレッシュトークンにもしばらくは同じ答えを返します。",
            ),
            ("kit/auth/src/sessions/rotation.rs", "Grace"),
            (6749, "6"),
        )
        .response(1)
        .good(),
        step(
            (Browser, Server),
            ("the first call again", "最初の呼び出しをもう一度"),
            (
                "The page that called never hears of all this.",
                "呼び出したページは、この間のことを何も知りません。",
            ),
            ("kit/leptos/src/session/client.rs", "renewal"),
            (9110, "9.2.2"),
        )
        .request(2),
        step(
            (Server, Store),
            ("generation 2 is in use", "世代 2 が使われた"),
            (
                "Proof that the new pair arrived. From now on the old one is accepted only within the short window for racing tabs.",
                "新しい組が届いた証拠です。これ以降、古いトークンが許されるのは、競合するタブのための短い時間だけになります。",
            ),
            ("kit/auth/src/sessions/evidence.rs", "note"),
            (9700, "4.14.2"),
        )
        .row(2),
        step(
            (Server, Page),
            ("200, the answer", "200、答え"),
            ("It took two more round trips than usual: the refresh, and the call again.", "いつもより 2 往復多くかかりました。更新と、呼び直しの分です。"),
            ("kit/auth/src/sessions/refresh.rs", "check_access"),
            (7519, "7.2"),
        )
        .response(2)
        .good(),
        step(
            (Browser, Server),
            ("GET /account, stale again", "GET /account、また期限切れ"),
            (
                "Later somebody opens a page. There is no script yet that could renew anything.",
                "しばらくして、誰かがページを開きます。更新してくれるスクリプトは、まだ動いていません。",
            ),
            ("kit/axum/src/http/request.rs", "Kind"),
            (9110, "9.3.1"),
        )
        .request(3),
        step(
            (Server, Store),
            ("generation 2 → 3", "世代 2 → 3"),
            (
                "The middleware renews before the page is rendered.",
                "ミドルウェアが、ページを描く前に更新を済ませます。",
            ),
            ("kit/axum/src/http/authenticate.rs", "authenticate"),
            (9700, "4.14.2"),
        )
        .row(3),
        step(
            (Server, Browser),
            ("200: page and pair in one", "200、ページと Cookie を同時に"),
            (
                "One response, the person's page and the new cookies: no redirect, no flash of a signed-out page, no script.",
                "本人のページと新しい Cookie が一つの応答で届きます。リダイレクトも、未サインインのちらつきも、スクリプトもありません。",
            ),
            ("kit/axum/src/http/session.rs", "write_cookies"),
            (6265, "4.1.1"),
        )
        .response(3)
        .good(),
    ],
};
