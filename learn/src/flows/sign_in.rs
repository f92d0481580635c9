//! Sign-in, step by step.

use super::definition::{Flow, step};
use crate::sandbox::{
    FlowName,
    Participant::{Browser, Server, Store},
};

pub(super) static SIGN_IN: Flow = Flow {
    name: FlowName::SignIn,
    participants: &[Browser, Server, Store],
    steps: &[
        step(
            (Browser, Server),
            ("a wrong password", "パスワードが違う"),
            (
                "The address and a password, over TLS. Once the password has been right, no further request needs it.",
                "メールアドレスとパスワードを TLS で送ります。正しければ、この先のリクエストにパスワードは要りません。",
            ),
            ("kit/leptos/src/sign_in/api.rs", "sign_in"),
            (9110, "9.3.3"),
        )
        .request(0),
        step(
            (Server, Browser),
            ("401 invalid_credentials", "401 invalid_credentials"),
            (
                "The same words, in the same time, as for an address that nobody has: where there is no account, a dummy is hashed.",
                "登録のないアドレスを入れた場合と、文言も所要時間も同じです。アカウントがなければダミーのハッシュを計算します。",
            ),
            ("kit/auth/src/sign_in/mod.rs", "sign_in"),
            (9110, "15.5.2"),
        )
        .response(0)
        .bad(),
        step(
            (Browser, Server),
            ("the right password", "正しいパスワード"),
            (
                "\"Keep me signed in\" is on, so the cookies will outlive the browser.",
                "「サインインしたままにする」がオンなので、Cookie はブラウザーを閉じても残ります。",
            ),
            ("kit/leptos/src/sign_in/server.rs", "parse_sign_in"),
            (6265, "4.1.2.2"),
        )
        .request(1),
        step(
            (Server, Store),
            ("a new session", "新しいセッション"),
            (
                "Always a new row with a new id: an id from before the sign-in is worth nothing after it, so nobody can plant one.",
                "必ず新しい ID で新しい行を作ります。サインイン前の ID はサインイン後には通用しないので、誰かが仕込んでおくこともできません。",
            ),
            ("kit/auth/src/sign_in/mod.rs", "start_session"),
            (9562, "5.7"),
        )
        .row(1),
        step(
            (Server, Browser),
            ("200, two cookies", "200、Cookie は二つ"),
            (
                "The access token lives for minutes, the refresh token for weeks. Each has its own typ and aud, and is refused in the other's place.",
                "アクセストークンの寿命は数分、リフレッシュトークンは数週間です。typ と aud がそれぞれ違い、取り違えて使うことはできません。",
            ),
            ("kit/auth/src/token/mod.rs", "TokenKind"),
            (8725, "3.11"),
        )
        .response(1)
        .good(),
        step(
            (Browser, Server),
            ("GET /api/who_am_i", "GET /api/who_am_i"),
            (
                "The page asks who is here. It cannot read the cookies, and need not.",
                "ページは「いま誰か」をサーバーに尋ねます。Cookie は読めませんが、読む必要もありません。",
            ),
            ("kit/leptos/src/session/who_am_i.rs", "who_am_i"),
            (7519, "7.2"),
        )
        .request(2),
        step(
            (Server, Browser),
            ("200, an id and roles", "200、ID とロール"),
            (
                "Answered from the token and from memory, without the database.",
                "データベースを使わず、トークンとメモリーだけで答えます。",
            ),
            ("kit/auth/src/sessions/refresh.rs", "check_access"),
            (7519, "4.1"),
        )
        .response(2)
        .good(),
    ],
};
