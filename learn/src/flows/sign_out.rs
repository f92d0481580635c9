//! Sign-out, step by step.

use super::definition::{Flow, step};
use crate::sandbox::{
    FlowName,
    Participant::{Attacker, Browser, Server, Store},
};

pub(super) static SIGN_OUT: Flow = Flow {
    name: FlowName::SignOut,
    participants: &[Browser, Server, Store, Attacker],
    steps: &[
        step(
            (Attacker, Attacker),
            ("has copied the cookies", "Cookie を写していた"),
            (
                "Say that somebody copied both cookies a minute ago: from a backup, or on a borrowed machine.",
                "1 分前に、誰かが Cookie を二つとも写し取ったとします。バックアップからでも、借りたパソコンでも。",
            ),
            ("kit/axum/src/http/cookies/sent.rs", "Cookies"),
            (6265, "8.4"),
        )
        .bad(),
        step(
            (Browser, Server),
            ("POST /api/sign_out", "POST /api/sign_out"),
            (
                "This works with a stale token, too, and a second time: whoever holds a token may always sign out.",
                "期限切れのトークンでも、2 回目でも通ります。トークンを持つ人は、いつでもサインアウトできます。",
            ),
            ("kit/leptos/src/session/sign_out.rs", "sign_out"),
            (7009, "2.1"),
        )
        .request(0),
        step(
            (Server, Store),
            ("ended: signed_out", "終了：signed_out"),
            (
                "First the row, then memory: once it is refused here, it has ended everywhere.",
                "先に行、次にメモリーです。ここで拒まれるなら、どこでも終わっています。",
            ),
            ("kit/auth/src/sessions/handle.rs", "end"),
            (7009, "2.2"),
        )
        .row(0),
        step(
            (Server, Server),
            ("denylist", "拒否リスト"),
            (
                "The session's id stays in memory until its last access token has expired. Every node hears of it.",
                "最後のアクセストークンが期限を迎えるまで、セッションの ID をメモリーに置きます。すべてのノードに伝わります。",
            ),
            ("kit/auth/src/sessions/denylist.rs", "Denylist"),
            (7009, "3"),
        ),
        step(
            (Server, Browser),
            ("200, cookies removed", "200、Cookie を消す"),
            (
                "Only a sign-out removes both. Clear-Site-Data removes whatever else the browser kept.",
                "二つとも消す応答は、サインアウトだけです。ブラウザーに残ったほかのものは Clear-Site-Data が片づけます。",
            ),
            ("kit/leptos/src/server/handle.rs", "CookieChange"),
            (6265, "3.1"),
        )
        .response(0)
        .good(),
        step(
            (Attacker, Server),
            ("the copied access token", "写したアクセストークン"),
            (
                "Its signature is valid and it has not expired. With a JWT alone, it would get in.",
                "署名は正しく、期限も残っています。JWT だけを見るなら通してしまうところです。",
            ),
            ("kit/leptos/src/session/who_am_i.rs", "who_am_i"),
            (7519, "4.1.4"),
        )
        .request(1)
        .bad(),
        step(
            (Server, Attacker),
            ("401 session_ended", "401 session_ended"),
            (
                "Refused from memory, without asking the database. Sign-out means now.",
                "データベースに尋ねるまでもなく、メモリーだけで拒みます。サインアウトは「いますぐ」です。",
            ),
            ("kit/auth/src/sessions/refresh.rs", "check_access_by"),
            (9110, "15.5.2"),
        )
        .response(1)
        .good(),
    ],
};
