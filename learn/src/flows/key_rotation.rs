//! A new signing key, step by step.

use super::definition::{Flow, step};
use crate::sandbox::{
    FlowName,
    Participant::{Browser, Operator, Server, Service},
};

pub(super) static KEY_ROTATION: Flow = Flow {
    name: FlowName::KeyRotation,
    participants: &[Operator, Browser, Server, Service],
    steps: &[
        step(
            (Service, Server),
            ("GET /.well-known/jwks.json", "GET /.well-known/jwks.json"),
            (
                "A service that verifies tokens reads the public keys, and may keep its copy for as long as max-age says.",
                "トークンを検証するサービスが公開鍵を読みます。写しは max-age の間だけ手元に置けます。",
            ),
            ("kit/axum/src/http/jwks.rs", "jwks"),
            (7517, "5"),
        )
        .request(0),
        step(
            (Server, Service),
            ("one key", "鍵は一つ"),
            ("Its kid names it in every token that it signs.", "署名したトークンには、必ずこの kid が入ります。"),
            ("kit/auth/src/keys/ring.rs", "KeyRing"),
            (7517, "4.5"),
        )
        .response(0),
        step(
            (Operator, Server),
            ("monban keys rotate", "monban keys rotate"),
            (
                "By hand, or automatically every 30 days. The private key is made here and stored sealed under the master key.",
                "手動でも、30 日ごとの自動でも。秘密鍵はここで作られ、マスターキーで封をして保管されます。",
            ),
            ("kit/auth/src/keys/handle.rs", "rotate"),
            (8725, "3.5"),
        )
        .request(1),
        step(
            (Server, Operator),
            ("the new kid", "新しい kid"),
            (
                "Published, but it signs nothing yet: no verifier may meet a key that it could not have fetched.",
                "公開はしても、まだ署名には使いません。検証する側がまだ読めていない鍵に出会うことがあってはならないからです。",
            ),
            ("kit/auth/src/keys/ring.rs", "KeyState"),
            (7515, "4.1.4"),
        )
        .response(1),
        step(
            (Service, Server),
            ("reads the keys again", "鍵を読み直す"),
            ("Its copy has expired.", "手元の写しが古くなりました。"),
            ("kit/axum/src/http/jwks.rs", "jwks"),
            (9111, "4.2"),
        )
        .request(2),
        step(
            (Server, Service),
            ("two keys", "鍵は二つ"),
            ("The old one and the new one.", "古い鍵と新しい鍵です。"),
            ("kit/auth/src/keys/handle.rs", "jwks"),
            (7517, "5"),
        )
        .response(2),
        step(
            (Browser, Server),
            ("signs in", "サインインする"),
            (
                "Just before the new key's time.",
                "新しい鍵の出番の直前です。",
            ),
            ("kit/leptos/src/sign_in/api.rs", "sign_in"),
            (9110, "9.3.3"),
        )
        .request(3),
        step(
            (Server, Browser),
            ("signed by the old key", "古い鍵で署名"),
            ("See the kid in both tokens below.", "下にある二つのトークンの kid を見てください。"),
            ("kit/auth/src/token/tokens.rs", "Tokens"),
            (7515, "4.1.4"),
        )
        .response(3),
        step(
            (Browser, Server),
            ("the new key signs now", "新しい鍵が署名中"),
            (
                "The browser still holds a token signed by the old key.",
                "ブラウザーが持っているのは、まだ古い鍵のトークンです。",
            ),
            ("kit/leptos/src/session/who_am_i.rs", "who_am_i"),
            (7519, "7.2"),
        )
        .request(4),
        step(
            (Server, Browser),
            ("200: the old key verifies", "200、古い鍵も検証には使える"),
            (
                "Until the last token that it signed has expired. The kid is looked up in memory; what the token says about its algorithm is not believed.",
                "最後に署名したトークンが期限を迎えるまで使えます。kid はメモリーの中だけで探し、トークンが名乗るアルゴリズムは信用しません。",
            ),
            ("kit/auth/src/token/tokens.rs", "check_access"),
            (8725, "3.1"),
        )
        .response(4)
        .good(),
        step(
            (Browser, Server),
            ("GET /account, later", "後で GET /account"),
            ("Its access token is stale, so the pair is renewed on arrival.", "アクセストークンが期限切れなので、到着と同時に更新されます。"),
            ("kit/axum/src/http/authenticate.rs", "authenticate"),
            (6749, "6"),
        )
        .request(5),
        step(
            (Server, Browser),
            ("200, signed by the new key", "200、新しい鍵で署名"),
            ("Nobody noticed a thing.", "誰も気づきませんでした。"),
            ("kit/auth/src/token/tokens.rs", "Tokens"),
            (7515, "4.1.4"),
        )
        .response(5)
        .good(),
    ],
};
