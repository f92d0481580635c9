//! Sign-up, step by step.

use super::definition::{Flow, step};
use crate::sandbox::{
    FlowName,
    Participant::{Browser, Page, Server, Store},
};

pub(super) static SIGN_UP: Flow = Flow {
    name: FlowName::SignUp,
    participants: &[Page, Browser, Server, Store],
    steps: &[
        step(
            (Page, Browser),
            ("submits the form", "フォームを送る"),
            (
                "A real form: without JavaScript the browser posts it itself, with JavaScript the page does. Either way the server gets the same fields.",
                "本物の <form> です。スクリプトがなければブラウザーが自分で送信し、あればページが送ります。サーバーに届くフィールドはどちらも同じです。",
            ),
            ("kit/leptos/src/sign_up/page.rs", "SignUpPage"),
            (9110, "9.3.3"),
        ),
        step(
            (Browser, Server),
            ("POST /api/sign_up", "POST /api/sign_up"),
            (
                "Before anything else, the server checks whether the request comes from its own origin. One from another site's form would say cross-site and get no further.",
                "サーバーが最初に確かめるのは、リクエストが自分のオリジンから来たかどうかです。よそのサイトのフォームなら cross-site と名乗ることになり、ここで止まります。",
            ),
            ("kit/axum/src/http/same_origin.rs", "check_origin"),
            (6454, "7"),
        )
        .request(0),
        step(
            (Server, Server),
            ("argon2id", "argon2id"),
            (
                "The password's strength is checked, then it is hashed on a thread of its own, deliberately slowly and with a lot of memory. (The sandbox hashes cheaply: its accounts are worth nothing.)",
                "パスワードの強さを調べ、専用のスレッドでハッシュ化します。時間もメモリーもわざと多く使います（サンドボックスのアカウントには守るものがないので、ここでは軽い設定です）。",
            ),
            ("kit/auth/src/hashing.rs", "Hasher"),
            (9106, "4"),
        ),
        step(
            (Server, Store),
            ("account, session: 1 row each", "アカウントとセッションを 1 行ずつ"),
            (
                "One row for the session, from now until it ends. No refresh adds another.",
                "セッションは最初から最後まで、この 1 行だけです。更新のたびに行が増えることはありません。",
            ),
            ("kit/auth/src/sessions/session.rs", "Session"),
            (9562, "5.7"),
        )
        .row(0),
        step(
            (Server, Browser),
            ("200, two cookies", "200、Cookie は二つ"),
            (
                "Both tokens travel in HttpOnly cookies whose names begin with __Host-. The body holds neither: no script ever sees one.",
                "トークンは二つとも、名前が __Host- で始まる HttpOnly の Cookie に入ります。本文には含まれないので、スクリプトがトークンを目にすることはありません。",
            ),
            ("kit/axum/src/http/cookies/set.rs", "set_pair"),
            (6265, "4.1.2.6"),
        )
        .response(0)
        .good(),
        step(
            (Browser, Server),
            ("GET /account", "GET /account"),
            (
                "The browser sends the cookies by itself. The signature and a list in memory say who this is; the database is not asked.",
                "Cookie はブラウザーが自動で添えます。誰なのかは署名とメモリー上のリストだけで決まり、データベースには尋ねません。",
            ),
            ("kit/axum/src/http/authenticate.rs", "authenticate"),
            (7519, "7.2"),
        )
        .request(1),
        step(
            (Server, Store),
            ("generation 1 is in use", "世代 1 が使われた"),
            (
                "The first request with the new token proves that the answer arrived. It is noted in memory and written a little later; the sandbox writes at once.",
                "新しいトークンの付いた最初のリクエストは、応答が届いたことの証拠です。まずメモリーに控え、少し後で書き込みます（サンドボックスではすぐに書きます）。",
            ),
            ("kit/auth/src/sessions/evidence.rs", "Evidence"),
            (9700, "4.14.2"),
        )
        .row(1),
        step(
            (Server, Browser),
            ("200, the page", "200、ページ"),
            (
                "Rendered on the server for this person, and kept out of every cache.",
                "この人のためにサーバーで描いたページです。どのキャッシュにも残させません。",
            ),
            ("kit/axum/src/http/session.rs", "write_cookies"),
            (9111, "5.2.2.5"),
        )
        .response(1)
        .good(),
    ],
};
