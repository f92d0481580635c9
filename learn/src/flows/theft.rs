//! A stolen refresh token, step by step.

use super::definition::{Flow, step};
use crate::sandbox::{
    FlowName,
    Participant::{Attacker, Browser, Server, Store},
};

pub(super) static THEFT: Flow = Flow {
    name: FlowName::Theft,
    participants: &[Browser, Server, Store, Attacker],
    steps: &[
        step(
            (Attacker, Attacker),
            ("copies the cookies", "Cookie を写す"),
            (
                "Both tokens of generation 1. A bearer token does not know who carries it.",
                "世代 1 のトークンが二つとも写されました。ベアラートークンは、持っているのが誰なのかを知りません。",
            ),
            ("kit/auth/src/token/mod.rs", "RefreshClaims"),
            (6750, "5.2"),
        )
        .bad(),
        step(
            (Browser, Server),
            ("POST /api/refresh", "POST /api/refresh"),
            (
                "Minutes later the owner's browser renews, as it always does.",
                "数分後、持ち主のブラウザーがいつものように更新します。",
            ),
            ("kit/leptos/src/session/refresh.rs", "refresh"),
            (6749, "6"),
        )
        .request(0),
        step(
            (Server, Store),
            ("generation 1 → 2", "世代 1 → 2"),
            ("The copy is now one generation behind.", "写しは 1 世代遅れになりました。"),
            ("kit/auth/src/sessions/rotation.rs", "verdict"),
            (9700, "4.14.2"),
        )
        .row(0),
        step(
            (Server, Browser),
            ("200, a new pair", "200、新しいトークンの組"),
            ("Only the owner has generation 2.", "世代 2 を持つのは持ち主だけです。"),
            ("kit/axum/src/http/cookies/set.rs", "set_pair"),
            (6265, "4.1.1"),
        )
        .response(0),
        step(
            (Browser, Server),
            ("uses generation 2", "世代 2 を使う"),
            (
                "An ordinary call. It proves that the owner has what was sent.",
                "普通の呼び出しです。送られたものが持ち主の手元にあることの証拠になります。",
            ),
            ("kit/leptos/src/session/who_am_i.rs", "who_am_i"),
            (7519, "7.2"),
        )
        .request(1),
        step(
            (Server, Store),
            ("generation 2 is in use", "世代 2 が使われた"),
            (
                "So a later appearance of generation 1 can no longer be a lost reply.",
                "これで、後から世代 1 が現れても「応答が失われた」では説明できなくなりました。",
            ),
            ("kit/auth/src/sessions/evidence.rs", "Evidence"),
            (9700, "4.14.2"),
        )
        .row(1),
        step(
            (Attacker, Server),
            ("POST /api/refresh, generation 1", "POST /api/refresh、世代 1"),
            (
                "The signature is valid, and the token has not expired. Only its generation is old, and the window for racing tabs has passed.",
                "署名は正しく、期限も残っています。古いのは世代の番号だけで、競合するタブのための猶予時間も過ぎています。",
            ),
            ("kit/auth/src/sessions/refresh.rs", "refresh"),
            (6819, "5.2.2.3"),
        )
        .request(2)
        .bad(),
        step(
            (Server, Store),
            ("ended: reused", "終了：reused"),
            (
                "Somebody holds a copy. Which of the two is the owner cannot be told, so this one session ends for both; the account's other sessions continue.",
                "誰かが写しを持っています。どちらが本人かは見分けられないので、このセッションだけを両方に対して終わらせます。ほかのセッションはそのままです。",
            ),
            ("kit/auth/src/sessions/end_reason.rs", "EndReason"),
            (9700, "4.14.2"),
        )
        .row(2)
        .bad(),
        step(
            (Server, Attacker),
            ("401 session_ended, reused", "401 session_ended、reused"),
            ("The thief gets nothing.", "攻撃者の手には何も残りません。"),
            ("kit/leptos/src/server/handle.rs", "map_refresh_error"),
            (9110, "15.5.2"),
        )
        .response(2)
        .good(),
        step(
            (Server, Browser),
            ("401 to the owner's next call", "持ち主の次の呼び出しにも 401"),
            (
                "The owner is told why, in words: an old token was used again. Had the thief renewed first, the owner's own refresh would have raised the alarm.",
                "持ち主には理由が言葉で伝わります。「古いトークンがもう一度使われました」。攻撃者が先に更新していたら、持ち主自身の更新が警報になっていました。",
            ),
            ("kit/auth/src/sessions/denylist.rs", "Denylist"),
            (9110, "15.5.2"),
        )
        .response(3)
        .bad(),
        step(
            (Browser, Server),
            ("signs in again", "サインインし直す"),
            (
                "With the password, which the thief does not have.",
                "攻撃者の知らないパスワードで。",
            ),
            ("kit/auth/src/sign_in/mod.rs", "sign_in"),
            (9110, "9.3.3"),
        )
        .request(4),
        step(
            (Server, Store),
            ("a new session", "新しいセッション"),
            (
                "A new row, starting at generation 1. The old one stays, with its reason, for whoever looks into it.",
                "世代 1 から始まる新しい行です。古い行は、後で調べる人のために理由とともに残ります。",
            ),
            ("kit/auth/src/audit/mod.rs", "AuditEvent"),
            (9562, "5.7"),
        )
        .row(4)
        .good(),
        step(
            (Server, Browser),
            ("200, a pair of their own", "200、自分だけのトークンの組"),
            (
                "Nobody else has a copy of these.",
                "この組の写しは、ほかの誰も持っていません。",
            ),
            ("kit/axum/src/http/cookies/set.rs", "set_pair"),
            (6265, "4.1.1"),
        )
        .response(4)
        .good(),
    ],
};
