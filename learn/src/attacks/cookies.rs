//! Attacks with cookies that the attacker set.

use super::{
    AttackName,
    definition::{Attack, explanation, step},
};

pub(super) static COOKIE_TOSSING: Attack = Attack {
    name: AttackName::CookieTossing,
    sources: &[
        ("kit/axum/src/http/cookies/names.rs", "CookieNames"),
        ("kit/axum/src/http/authenticate.rs", "choose"),
    ],
    reading: &[
        (
            "RFC 6265bis: __Host-",
            "https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#name-the-__host-prefix",
        ),
        (
            "RFC 6265 §8.6",
            "https://www.rfc-editor.org/rfc/rfc6265#section-8.6",
        ),
        (
            "OWASP: Cookie Attributes",
            "https://owasp.org/www-project-web-security-testing-guide/latest/4-Web_Application_Security_Testing/06-Session_Management_Testing/02-Testing_for_Cookies_Attributes",
        ),
    ],
    explanations: &[
        explanation(
            "The real cookie alone. Remember the account_id.",
            "本物の Cookie だけを送ります。account_id を覚えておいてください。",
        ),
        explanation(
            "With Mallory's token under the same name without the prefix, which a sibling domain may set: the server does not read that name.",
            "接頭辞のない同じ名前に Mallory のトークンを入れたもの。隣のサブドメインから設定できますが、その名前は誰も読みません。",
        )
        .stopped(),
        explanation(
            "A second cookie with the full name, after the real one. Both are valid, and nothing says which is yours: neither is believed.",
            "正式な名前の Cookie をもう一つ、本物の後ろに置きます。どちらも有効で、どちらがあなたのものか見分けられないため、どちらも信じません。",
        )
        .stopped(),
        explanation(
            "And before it: the same. Nobody ends up in Mallory's account, and a page would say what has happened and offer to remove the cookies. Browsers that keep the promise of __Host- never get this far: only this very host may set a cookie with such a name, and only for Path=/.",
            "本物の前に置いても同じです。Mallory のアカウントに入ってしまう人はいません。ページなら、何が起きたかを伝え、Cookie を削除するボタンを出すところです。__Host- の約束を守るブラウザーでは、ここまで来ることもありません。この名前に値を与えられるのはまさにこのホストだけで、パスも / に限られます。",
        )
        .stopped(),
    ],
    lanes: &[
        ("sub.site.example", "sub.site.example"),
        ("your browser", "あなたのブラウザー"),
        ("site.example", "site.example"),
        ("Mallory", "Mallory"),
    ],
    undefended: &[
        step(
            (0, 1),
            ("a cookie for site.example", "site.example 宛ての Cookie"),
            (
                "Mallory's own token, with Domain=site.example and a long path. Without the prefix, any sibling domain may do that.",
                "Mallory 自身のトークンに Domain=site.example と長いパスを付けます。接頭辞がなければ、隣のサブドメインなら誰にでもできます。",
            ),
        ),
        step(
            (1, 2),
            ("both, Mallory's first", "両方送る。Mallory のが先"),
            (
                "The longer path goes first, and the server takes the first.",
                "パスの長いほうが先に並び、サーバーは最初のものを採ります。",
            ),
        )
        .harmful(),
        step(
            (2, 3),
            ("your work, in Mallory's account", "作業は Mallory のもとへ"),
            (
                "You enter something of yours: a card number, a document. Mallory reads it later.",
                "あなたはカードや書類など自分のものを入力し、Mallory は後からそれを読みます。",
            ),
        )
        .harmful(),
    ],
};

pub(super) static SESSION_FIXATION: Attack = Attack {
    name: AttackName::SessionFixation,
    sources: &[
        ("kit/auth/src/sign_in/mod.rs", "sign_in"),
        ("kit/auth/src/sessions/start.rs", "new_session"),
    ],
    reading: &[
        (
            "RFC 6265 §8.4",
            "https://www.rfc-editor.org/rfc/rfc6265#section-8.4",
        ),
        (
            "OWASP: Session Management",
            "https://cheatsheetseries.owasp.org/cheatsheets/Session_Management_Cheat_Sheet.html",
        ),
    ],
    explanations: &[
        explanation(
            "The victim's browser holds Mallory's cookies, however they got there.",
            "どうやって入れたにせよ、被害者のブラウザーに Mallory の Cookie が入っています。",
        ),
        explanation(
            "The victim signs in. A new session is made, with new tokens, and the one that was there is ended.",
            "被害者がサインインします。セッションもトークンも新しく作られ、前からあったセッションは終わります。",
        )
        .stopped(),
        explanation(
            "Now the browser is the victim's: another account_id.",
            "これでブラウザーは被害者のものです。account_id が変わりました。",
        )
        .stopped(),
        explanation(
            "Mallory's copy shows none of this. It is worth less than before: replaced.",
            "Mallory の写しからは何も見えません。それどころか replaced、もう使えなくなりました。",
        )
        .stopped()
        .row(),
        explanation(
            "And it cannot be renewed.",
            "更新もできません。",
        )
        .stopped(),
    ],
    lanes: &[
        ("Mallory", "Mallory"),
        ("your browser", "あなたのブラウザー"),
        ("server", "サーバー"),
    ],
    undefended: &[
        step(
            (0, 1),
            ("plants a known session id", "既知のセッション ID を仕込む"),
            (
                "By a link, a shared machine, a cookie from a sibling domain.",
                "リンクや共用の端末、隣のサブドメインの Cookie から。",
            ),
        ),
        step(
            (1, 2),
            ("signs in with that id", "その ID のままサインイン"),
            (
                "The server marks the session that it finds as signed in, under the same id.",
                "サーバーは、届いたセッションを同じ ID のままサインイン済みにします。",
            ),
        )
        .harmful(),
        step(
            (0, 2),
            ("uses the same id", "同じ ID を使う"),
            (
                "Mallory has known it all along, and can now act as you.",
                "Mallory はその ID を最初から知っています。これであなたになりすませます。",
            ),
        )
        .harmful(),
    ],
};
