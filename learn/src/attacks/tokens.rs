//! Attacks with tokens: tampered with, or replayed.

use super::{
    AttackName,
    definition::{Attack, explanation, step},
};

const RFC_9700: (&str, &str) = (
    "RFC 9700 §4.14.2",
    "https://www.rfc-editor.org/rfc/rfc9700#section-4.14.2",
);

pub(super) static TAMPERED_TOKEN: Attack = Attack {
    name: AttackName::TamperedToken,
    sources: &[
        ("kit/auth/src/token/tokens.rs", "verify"),
        ("kit/auth/src/token/compact.rs", "Compact"),
    ],
    reading: &[
        (
            "RFC 7515 §5.2",
            "https://www.rfc-editor.org/rfc/rfc7515#section-5.2",
        ),
        (
            "RFC 8725 §3.1",
            "https://www.rfc-editor.org/rfc/rfc8725#section-3.1",
        ),
    ],
    explanations: &[
        explanation(
            "An access token that says admin, with the signature it had. It proves nothing, so the answer is the one for a stale token: renew.",
            "署名はそのまま、admin だと書き換えたアクセストークン。何の証明にもならないので、期限切れと同じ「更新してください」が返ります。",
        )
        .stopped(),
        explanation(
            "Renewing with a refresh token that says generation 9: it counts as no token, and the row does not move.",
            "そこで、世代 9 だと書き換えたリフレッシュトークンで更新を試みます。トークンがないものとして扱われ、行は動きません。",
        )
        .stopped()
        .row(),
        explanation(
            "A native client's token, altered in the same way, sent to the API.",
            "ネイティブアプリのトークンも同じように書き換え、API に出します。",
        )
        .stopped(),
        explanation(
            "The owner, with the genuine token, notices nothing: a forgery ends no session.",
            "本物を持つ本人は何も気づきません。偽造ではセッションを終わらせることもできません。",
        )
        .stopped(),
    ],
    lanes: &[
        ("Mallory", "Mallory"),
        ("server", "サーバー"),
    ],
    undefended: &[
        step(
            (0, 0),
            ("writes roles: admin", "roles: admin と書く"),
            (
                "Base64 is only an encoding. Anybody can write it.",
                "base64 はただの文字の書き方です。誰にでも書けます。",
            ),
        ),
        step(
            (0, 1),
            ("shows the token", "トークンを見せる"),
            (
                "A server that decodes but does not verify, or lets the token choose how, believes it.",
                "デコードするだけで検証しないサーバー、検証の仕方をトークンに選ばせるサーバーは信じてしまいます。",
            ),
        )
        .harmful(),
        step(
            (1, 0),
            ("everybody's data", "全員のデータ"),
            (
                "The administrator's page opens.",
                "管理者のためのページが、そのまま開きます。",
            ),
        )
        .harmful(),
    ],
};

pub(super) static REPLAY_INSIDE: Attack = Attack {
    name: AttackName::ReplayInside,
    sources: &[
        ("kit/auth/src/sessions/rotation.rs", "Grace"),
        ("kit/auth/src/sessions/rotation.rs", "verdict"),
    ],
    reading: &[
        RFC_9700,
        (
            "RFC 6819 §5.2.2.3",
            "https://www.rfc-editor.org/rfc/rfc6819#section-5.2.2.3",
        ),
    ],
    explanations: &[
        explanation(
            "The owner renews: generation 1 becomes 2.",
            "本人が更新し、世代 1 が 2 になります。",
        )
        .row(),
        explanation(
            "Within the window the thief presents generation 1, and gets generation 2 as a second tab would. The row does not move: there is one generation, not two.",
            "猶予時間のうちに攻撃者が世代 1 を出すと、もう一つのタブと同じように世代 2 を受け取ります。行は動きません。世代は一つのままで、枝分かれはしません。",
        )
        .got_through()
        .row(),
        explanation(
            "It works. Until somebody renews, two parties hold the same generation.",
            "そして使えます。次に誰かが更新するまで、同じトークンを 2 人が持っています。",
        )
        .got_through(),
        explanation(
            "The owner renews again: generation 3. From here on, the thief holds the old one.",
            "本人がもう一度更新して世代 3 に。ここから先、攻撃者のトークンは古い世代です。",
        )
        .row(),
        explanation(
            "The owner uses it, and that is recorded.",
            "本人が世代 3 を使います。その事実が記録されます。",
        )
        .row(),
        explanation(
            "Now the thief wants to go on, too. Generation 2 is no lost reply and no racing tab: reused, and the session is over for both.",
            "攻撃者も先へ進もうとします。世代 2 は、届かなかった応答でもタブの競合でもありません。reused。セッションは両者とも終わりです。",
        )
        .stopped()
        .row(),
    ],
    lanes: &[
        ("your tabs", "あなたのタブ"),
        ("server", "サーバー"),
        ("thief", "攻撃者"),
    ],
    undefended: &[
        step(
            (0, 1),
            ("two tabs renew", "二つのタブが更新"),
            (
                "Without a window: the second tab is taken for a thief, and you are signed out. To avoid that, some sites do not rotate at all.",
                "猶予時間がなければ、2 番目のタブが攻撃者と見なされ、あなたはサインアウトさせられます。それを嫌って、まったく世代を替えないサイトもあります。",
            ),
        ),
        step(
            (2, 1),
            ("renews with the copy", "写しで更新"),
            (
                "Without rotation: the copy is as good as the original, at any time.",
                "世代を替えなければ、写しはいつまでも本物と同じです。",
            ),
        )
        .harmful(),
        step(
            (1, 2),
            ("a pair, for weeks", "数週間使えるトークン"),
            (
                "Used alongside yours. Nothing ever tells the two of you apart.",
                "あなたと並んで使い続けます。見分けるものは最後まで何もありません。",
            ),
        )
        .harmful(),
    ],
};

pub(super) static REPLAY_AFTER: Attack = Attack {
    name: AttackName::ReplayAfter,
    sources: &[
        ("kit/auth/src/sessions/rotation.rs", "verdict"),
        ("kit/auth/src/sessions/evidence.rs", "Evidence"),
        ("kit/auth/src/sessions/denylist.rs", "Denylist"),
    ],
    reading: &[
        RFC_9700,
        (
            "OWASP: Session Management",
            "https://cheatsheetseries.owasp.org/cheatsheets/Session_Management_Cheat_Sheet.html",
        ),
    ],
    explanations: &[
        explanation(
            "The owner renews: generation 1 becomes 2.",
            "本人が更新し、世代 1 が 2 になります。",
        )
        .row(),
        explanation(
            "The owner uses generation 2, so its arrival is proven.",
            "本人が世代 2 を使い、届いたことが証明されます。",
        )
        .row(),
        explanation(
            "Later the thief presents generation 1. The signature is valid and the token has not expired, but only somebody with a copy would still use it. Nothing is handed out.",
            "後になって攻撃者が世代 1 を出します。署名は正しく期限内でも、いまこれを持っている理由は一つ、写しだからです。何も渡されません。",
        )
        .stopped()
        .row(),
        explanation(
            "The owner learns at the next call why the session has ended, and signs in again with what the thief does not have.",
            "本人は次の呼び出しで終わった理由を知り、攻撃者の持っていないパスワードでサインインし直します。",
        )
        .stopped(),
    ],
    lanes: &[
        ("your browser", "あなたのブラウザー"),
        ("server", "サーバー"),
        ("thief", "攻撃者"),
    ],
    undefended: &[
        step(
            (0, 1),
            ("renews, goes on", "更新して使い続ける"),
            (
                "The old refresh token stays good, because nobody counts.",
                "世代を数えていないので、古いリフレッシュトークンも有効なままです。",
            ),
        ),
        step(
            (2, 1),
            ("renews with the copy", "写しで更新"),
            (
                "Days later, from elsewhere.",
                "何日も後に、別の場所から。",
            ),
        )
        .harmful(),
        step(
            (1, 2),
            ("a session of their own", "攻撃者専用のセッション"),
            (
                "You sign out and think that is the end of it. The thief's line of tokens goes on.",
                "あなたがサインアウトして終わったつもりでも、攻撃者の側のトークンは更新され続けます。",
            ),
        )
        .harmful(),
    ],
};
