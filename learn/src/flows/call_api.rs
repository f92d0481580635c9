//! Calling the API from outside a browser, step by step.

use super::definition::{Flow, step};
use crate::sandbox::{
    FlowName,
    Participant::{App, Server, Service, Store},
};

pub(super) static CALL_API: Flow = Flow {
    name: FlowName::CallApi,
    participants: &[App, Server, Store, Service],
    steps: &[
        step(
            (App, Server),
            ("POST /api/v1/sessions", "POST /api/v1/sessions"),
            (
                "A native client signs in with JSON. It has no cookies and wants none.",
                "ネイティブアプリは JSON でサインインします。Cookie は持たず、必要ともしません。",
            ),
            ("kit/axum/src/rest/sessions.rs", "sign_in"),
            (8259, "8.1"),
        )
        .request(0),
        step(
            (Server, Store),
            ("a new session", "新しいセッション"),
            (
                "The same kind of row as a browser's. The person sees both in one list and can end either.",
                "ブラウザーのものと同じ種類の行です。本人は両方を同じ一覧で見て、どちらも終わらせられます。",
            ),
            ("kit/auth/src/sessions/persistence.rs", "Persistence"),
            (9562, "5.7"),
        )
        .row(0),
        step(
            (Server, App),
            ("201, the tokens in the body", "201、トークンは本文に"),
            (
                "Only here and in the API's refresh does a body hold tokens. Their aud is the API's, so in a browser's cookies they are refused.",
                "トークンが本文に載るのは、ここと API での更新だけです。aud は API 用なので、ブラウザーの Cookie に入れても受け付けません。",
            ),
            ("kit/axum/src/rest/view.rs", "TokensView"),
            (6749, "5.1"),
        )
        .response(0)
        .good(),
        step(
            (App, Server),
            ("GET with Authorization: Bearer", "Authorization: Bearer で GET"),
            (
                "The app adds the access token itself. A page on another site cannot make a browser do that, so no origin check is needed here.",
                "アクセストークンはアプリが自分で付けます。よそのサイトのページがブラウザーにこのヘッダーを付けさせることはできないので、オリジンの検査は要りません。",
            ),
            ("kit/axum/src/rest/input.rs", "Bearer"),
            (6750, "2.1"),
        )
        .request(1),
        step(
            (Server, App),
            ("200, the caller", "200、誰の呼び出しか"),
            (
                "From the token alone: signature, issuer, audience, times, and the list of sessions that have ended.",
                "署名、発行者、宛先、時刻、終わったセッションのリスト。トークンだけで答えが出ます。",
            ),
            ("kit/auth/src/token/tokens.rs", "check_access"),
            (7519, "7.2"),
        )
        .response(1)
        .good(),
        step(
            (App, Server),
            ("one character changed", "1 文字だけ変える"),
            (
                "The same token, except for the first character of its signature.",
                "同じトークンの、署名の最初の 1 文字だけを変えて送ります。",
            ),
            ("kit/auth/src/token/compact.rs", "MalformedToken"),
            (7515, "5.2"),
        )
        .request(2)
        .bad(),
        step(
            (Server, App),
            ("401, a problem document", "401、problem details"),
            (
                "The signature is no longer valid, and the answer says only that a valid token is needed.",
                "署名が合わなくなりました。応答が伝えるのは「有効なトークンが要る」ということだけです。",
            ),
            ("kit/axum/src/rest/problem.rs", "Problem"),
            (9457, "3"),
        )
        .response(2)
        .bad(),
        step(
            (Service, Server),
            ("GET /.well-known/jwks.json", "GET /.well-known/jwks.json"),
            (
                "Another service that gets such tokens need not ask about each one. It reads the public keys once in a while.",
                "こうしたトークンを受け取る別のサービスは、1 件ごとに問い合わせる必要がありません。ときどき公開鍵を読むだけです。",
            ),
            ("kit/axum/src/http/jwks.rs", "jwks"),
            (7517, "5"),
        )
        .request(3),
        step(
            (Server, Service),
            ("200, the public keys", "200、公開鍵"),
            (
                "With these, and a look at iss, aud and exp, it verifies access tokens by itself. It does not hear of a sign-out: that is the price of not asking.",
                "この鍵に加えて iss・aud・exp を確かめれば、アクセストークンを自分で検証できます。ただしサインアウトは伝わりません。問い合わせないことの代償です。",
            ),
            ("kit/auth/src/keys/ring.rs", "KeyRing"),
            (8037, "2"),
        )
        .response(3)
        .good(),
    ],
};
