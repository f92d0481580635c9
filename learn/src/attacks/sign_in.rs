//! Attacks on the sign-in.

use super::{
    AttackName,
    definition::{Attack, explanation, step},
};

const OWASP_AUTHENTICATION: (&str, &str) = (
    "OWASP: Authentication",
    "https://cheatsheetseries.owasp.org/cheatsheets/Authentication_Cheat_Sheet.html",
);

pub(super) static GUESSING: Attack = Attack {
    name: AttackName::Guessing,
    sources: &[
        ("kit/auth/src/sign_in/limiter.rs", "SignInLimiter"),
        ("kit/auth/src/sign_in/limiter.rs", "AttemptRules"),
        ("kit/auth/src/hashing.rs", "hash"),
    ],
    reading: &[
        (
            "RFC 6585 §4",
            "https://www.rfc-editor.org/rfc/rfc6585#section-4",
        ),
        (
            "NIST SP 800-63B-4 §3.2.2",
            "https://pages.nist.gov/800-63-4/sp800-63b.html#throttle",
        ),
        OWASP_AUTHENTICATION,
    ],
    explanations: &[
        explanation(
            "The first guess. The answer does not say what was wrong.",
            "1 回目。何が違ったのかは、応答からわかりません。",
        ),
        explanation("The second.", "2 回目。"),
        explanation("The third, and the last that is allowed.", "3 回目。ここまでです。"),
        explanation(
            "429, with the time to wait in Retry-After. The password is not even looked at, so no hash is computed.",
            "429 が返り、待つべき時間が Retry-After にあります。パスワードは確かめもしないので、ハッシュの計算も起きません。",
        )
        .stopped(),
        explanation(
            "The right password, by luck. It would have worked, but the guesser can no longer find that out.",
            "偶然、正しいパスワードを引き当てました。しかし、当たったかどうかはもうわかりません。",
        )
        .stopped(),
        explanation(
            "The owner, from another IP address, gets in at once. A limit on the account alone would let anybody lock anybody out.",
            "本人は別の IP アドレスから、待たされることなく入れます。アカウントだけを数えていたら、誰でも他人を締め出せてしまいます。",
        )
        .stopped(),
    ],
    lanes: &[
        ("guesser", "推測する人"),
        ("server", "サーバー"),
    ],
    undefended: &[
        step(
            (0, 1),
            ("a list of common passwords", "よくあるパスワードの一覧"),
            (
                "Ten thousand of them open a surprising number of accounts.",
                "1 万個もあれば、驚くほど多くのアカウントが開きます。",
            ),
        ),
        step(
            (1, 0),
            ("wrong, wrong, wrong, …", "違う、違う、違う、…"),
            (
                "As fast as the server can compute. Nobody is counting.",
                "サーバーの計算が追いつくかぎりの速さで。誰も数えていません。",
            ),
        )
        .harmful(),
        step(
            (1, 0),
            ("right: a session", "正解：セッション"),
            (
                "After an hour or after a night. To the server it is a sign-in like any other.",
                "1 時間後か、一晩後か。サーバーにとっては普通のサインインにしか見えません。",
            ),
        )
        .harmful(),
    ],
};

pub(super) static OPEN_REDIRECT: Attack = Attack {
    name: AttackName::OpenRedirect,
    sources: &[
        ("kit/leptos/src/local_path.rs", "LocalPath"),
        ("kit/leptos/src/sign_in/api.rs", "sign_in"),
    ],
    reading: &[
        (
            "RFC 9700 §4.11",
            "https://www.rfc-editor.org/rfc/rfc9700#section-4.11",
        ),
        ("WHATWG URL §4.4", "https://url.spec.whatwg.org/#url-parsing"),
        (
            "OWASP: Unvalidated Redirects",
            "https://cheatsheetseries.owasp.org/cheatsheets/Unvalidated_Redirects_and_Forwards_Cheat_Sheet.html",
        ),
    ],
    explanations: &[
        explanation(
            "//evil.example begins with a slash and is another host all the same. Location: /account.",
            "//evil.example はスラッシュで始まりますが、別のホストです。Location は /account。",
        )
        .stopped(),
        explanation(
            "https://evil.example, plainly.",
            "https://evil.example。隠す気もありません。",
        )
        .stopped(),
        explanation(
            "/\\evil.example: to a browser, a backslash here is a slash.",
            "/\\evil.example。ブラウザーはここのバックスラッシュをスラッシュと見なします。",
        )
        .stopped(),
        explanation(
            "%2F%2Fevil.example, encoded once too often, for servers that decode twice.",
            "%2F%2Fevil.example。二度デコードしてしまうサーバーを狙い、1 回余分にエンコードしています。",
        )
        .stopped(),
        explanation(
            "A path of this site is followed.",
            "このサイトのパスなら、そのとおりに進みます。",
        ),
    ],
    lanes: &[
        ("evil.example", "evil.example"),
        ("you", "あなた"),
        ("server", "サーバー"),
    ],
    undefended: &[
        step(
            (0, 1),
            ("a link to this site", "このサイトへのリンク"),
            (
                "The right host, the right certificate, and next=//evil.example at the end.",
                "ホストも証明書も本物です。ただ、末尾に next=//evil.example と付いています。",
            ),
        ),
        step(
            (2, 1),
            ("signed in; go to evil.example", "サインイン完了、evil.example へ"),
            (
                "The genuine sign-in itself sends you there.",
                "本物のサインインが、自分からそこへ送り出します。",
            ),
        )
        .harmful(),
        step(
            (1, 0),
            ("“wrong password, try again”", "「もう一度パスワードを」"),
            (
                "The page looks the same. You have just been here, so you type it.",
                "見た目は同じページです。たったいま使ったばかりなので、疑わずに入力してしまいます。",
            ),
        )
        .harmful(),
    ],
};

pub(super) static TIMING: Attack = Attack {
    name: AttackName::Timing,
    sources: &[
        ("kit/auth/src/sign_in/mod.rs", "sign_in"),
        ("kit/auth/src/hashing.rs", "verify"),
    ],
    reading: &[
        (
            "CWE-208",
            "https://cwe.mitre.org/data/definitions/208.html",
        ),
        (
            "RFC 9106",
            "https://www.rfc-editor.org/rfc/rfc9106",
        ),
        OWASP_AUTHENTICATION,
    ],
    explanations: &[
        explanation(
            "An address that has an account, and a wrong password.",
            "アカウントのあるアドレスに、間違ったパスワード。",
        ),
        explanation(
            "An address that has none: the same answer. Where no hash is stored, the password is checked against one that no password matches.",
            "アカウントのないアドレス。応答は同じです。保存されたハッシュがなければ、誰のものでもないハッシュと照合します。",
        )
        .stopped(),
    ],
    lanes: &[
        ("spammer", "スパム業者"),
        ("server", "サーバー"),
    ],
    undefended: &[
        step(
            (0, 1),
            ("sign-in as ann@…", "ann@… でサインイン"),
            (
                "With any password, and a stopwatch.",
                "パスワードは何でもかまいません。要るのはストップウォッチです。",
            ),
        ),
        step(
            (1, 0),
            ("no, after 1 ms", "いいえ（1 ms）"),
            (
                "No account, nothing to hash.",
                "アカウントがなく、計算するハッシュもありません。",
            ),
        )
        .harmful(),
        step(
            (1, 0),
            ("no, after 40 ms", "いいえ（40 ms）"),
            (
                "There is one. From a list of addresses comes a list of customers, for phishing or for worse.",
                "アカウントがあります。アドレスの一覧が会員の一覧に変わり、フィッシングなどに使われます。",
            ),
        )
        .harmful(),
    ],
};
