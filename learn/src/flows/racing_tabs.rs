//! Two tabs at once, step by step.

use super::definition::{Flow, step};
use crate::sandbox::{
    FlowName,
    Participant::{Browser, OtherTab, Server, Store},
};

pub(super) static RACING_TABS: Flow = Flow {
    name: FlowName::RacingTabs,
    participants: &[Browser, OtherTab, Server, Store],
    steps: &[
        step(
            (Browser, Server),
            ("POST /api/refresh", "POST /api/refresh"),
            (
                "The laptop is opened and both tabs wake up. Their access token is stale, and they share one refresh token.",
                "ノートパソコンを開くと、二つのタブが同時に目を覚まします。アクセストークンは期限切れで、リフレッシュトークンは共有の一つだけです。",
            ),
            ("kit/leptos/src/session/client.rs", "SessionClient"),
            (6749, "6"),
        )
        .request(0),
        step(
            (OtherTab, Server),
            ("the same, at the same moment", "まったく同時に、同じことを"),
            (
                "The very same refresh token, a second time. To a strict server this would be a theft.",
                "まったく同じリフレッシュトークンの 2 回目です。厳格なサーバーなら盗難とみなすところです。",
            ),
            ("kit/leptos/src/session/refresh.rs", "refresh"),
            (9700, "4.14.2"),
        )
        .request(1),
        step(
            (Server, Store),
            ("generation 1 → 2, once", "世代 1 → 2、1 回だけ"),
            (
                "Two compare-and-swaps, one winner. The loser reads the row again and finds its token one generation behind and the change a moment old: a race, not a theft.",
                "compare-and-swap は二つ、勝つのは一つ。負けたほうが行を読み直すと、自分のトークンは 1 世代遅れで、変わったのはたった今です。これは盗難ではなく競合です。",
            ),
            ("kit/auth/src/sessions/rotation.rs", "Verdict"),
            (9700, "4.14.2"),
        )
        .row(0),
        step(
            (Server, Browser),
            ("200, generation 2", "200、世代 2"),
            ("What its tokens say is shown below.", "トークンの中身は下のとおりです。"),
            ("kit/auth/src/sessions/refresh.rs", "refresh"),
            (6265, "4.1.1"),
        )
        .response(0)
        .good(),
        step(
            (Server, OtherTab),
            ("200, generation 2 as well", "200、こちらも世代 2"),
            (
                "Other tokens, but of the same generation. At any moment only one generation is current: the row sees to that, not luck. Whichever cookies are stored last are valid.",
                "トークンは別でも、世代は同じです。生きている世代がいつも一つなのは、運ではなく行のおかげです。最後に残った Cookie がどちらのものでも使えます。",
            ),
            ("kit/auth/src/sessions/rotation.rs", "verdict"),
            (6265, "5.3"),
        )
        .response(1)
        .good(),
        step(
            (Browser, Server),
            ("GET /api/who_am_i", "GET /api/who_am_i"),
            ("The one tab goes on.", "一方のタブは先へ進みます。"),
            ("kit/leptos/src/session/who_am_i.rs", "who_am_i"),
            (7519, "7.2"),
        )
        .request(2),
        step(
            (Server, Browser),
            ("200", "200"),
            ("As if nothing had happened.", "何事もなかったかのようです。"),
            ("kit/auth/src/sessions/refresh.rs", "check_access"),
            (7519, "7.2"),
        )
        .response(2)
        .good(),
        step(
            (OtherTab, Server),
            ("GET /api/who_am_i", "GET /api/who_am_i"),
            ("And so does the other.", "もう一方も同じです。"),
            ("kit/leptos/src/session/who_am_i.rs", "who_am_i"),
            (7519, "7.2"),
        )
        .request(3),
        step(
            (Server, OtherTab),
            ("200", "200"),
            ("Nobody was signed out.", "誰もサインアウトされませんでした。"),
            ("kit/auth/src/sessions/refresh.rs", "check_access"),
            (7519, "7.2"),
        )
        .response(3)
        .good(),
    ],
};
