//! Attacks by other pages, and by texts within a page.

use super::{
    AttackName,
    definition::{Attack, explanation, step},
};

pub(super) static SCRIPT_INJECTION: Attack = Attack {
    name: AttackName::ScriptInjection,
    sources: &[
        ("kit/leptos/src/server/document.rs", "content_security_policy"),
        ("kit/axum/src/http/headers.rs", "secure"),
        ("kit/axum/src/http/cookies/set.rs", "ATTRIBUTES"),
    ],
    reading: &[
        (
            "RFC 6265 §4.1.2.6",
            "https://www.rfc-editor.org/rfc/rfc6265#section-4.1.2.6",
        ),
        ("CSP Level 3", "https://www.w3.org/TR/CSP3/"),
        (
            "OWASP: XSS Prevention",
            "https://cheatsheetseries.owasp.org/cheatsheets/Cross_Site_Scripting_Prevention_Cheat_Sheet.html",
        ),
    ],
    explanations: &[
        explanation(
            "The name is saved. It is a name, and may contain anything. The answer is JSON, and nosniff keeps browsers from taking it for a page.",
            "名前は保存されます。名前に何を書こうと本人の自由です。応答は JSON で、nosniff があるのでページと取り違えられることもありません。",
        ),
        explanation(
            "The page shows it as text: in the header, in the field, and in the data for the script. Its cookies say HttpOnly, and the policy names a nonce.",
            "ページでは文字として出てきます。バーでも、入力欄でも、スクリプトに渡すデータでも同じです。Cookie には HttpOnly が付き、ポリシーは nonce を指定しています。",
        )
        .stopped(),
        explanation(
            "Once more, without a script element: an image that runs code when it fails to load.",
            "今度は script 要素を使いません。読み込みに失敗すると動き出す画像です。",
        ),
        explanation(
            "Text again. Compare the nonce with the one before: whoever writes a name today cannot know the nonce of tomorrow's page.",
            "やはり文字のままです。nonce を先ほどと比べてください。今日の名前に、明日のページの nonce を書いておくことはできません。",
        )
        .stopped(),
    ],
    lanes: &[
        ("thief", "攻撃者"),
        ("server", "サーバー"),
        ("your browser", "あなたのブラウザー"),
        ("evil.example", "evil.example"),
    ],
    undefended: &[
        step(
            (0, 1),
            ("saves a script as a name", "名前にスクリプトを保存"),
            (
                "Anywhere that others will see it: a name, a comment, a file name.",
                "人の目に触れる場所ならどこでもかまいません。名前、コメント、ファイル名。",
            ),
        ),
        step(
            (1, 2),
            ("sends it in a page", "ページに入れて送る"),
            (
                "As markup. To the browser it is the site's own script.",
                "マークアップとして届くので、ブラウザーにはこのサイト自身のスクリプトに見えます。",
            ),
        )
        .harmful(),
        step(
            (2, 3),
            ("sends the tokens", "トークンを送る"),
            (
                "From storage or from a cookie without HttpOnly. The thief now has the session at home, for as long as it lasts.",
                "保存領域から、あるいは HttpOnly のない Cookie から読み取ります。攻撃者はセッションを手元に置き、期限が来るまで使えます。",
            ),
        )
        .harmful(),
    ],
};

pub(super) static CROSS_SITE: Attack = Attack {
    name: AttackName::CrossSite,
    sources: &[
        ("kit/axum/src/http/same_origin.rs", "check_origin"),
        ("kit/axum/src/http/cookies/set.rs", "ATTRIBUTES"),
    ],
    reading: &[
        ("Fetch Metadata", "https://www.w3.org/TR/fetch-metadata/"),
        ("RFC 6454 §7", "https://www.rfc-editor.org/rfc/rfc6454#section-7"),
        (
            "OWASP: CSRF Prevention",
            "https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html",
        ),
    ],
    explanations: &[
        explanation(
            "The browser itself says where the form was: Sec-Fetch-Site: cross-site. No page can change that header.",
            "フォームがどこにあったかは、ブラウザー自身が Sec-Fetch-Site: cross-site と伝えます。このヘッダーをページの側から書き換えることはできません。",
        )
        .stopped(),
        explanation(
            "An older browser, which sends only Origin. The same machine under another name is another origin.",
            "Origin しか送らない古いブラウザーの場合です。同じマシンでも、名前が違えば別のオリジンです。",
        )
        .stopped(),
        explanation(
            "Cookies, but neither header: that is not believed either.",
            "どちらのヘッダーもなく、Cookie だけがある場合。これも信用しません。",
        )
        .stopped(),
        explanation(
            "The owner looks. The name is what it was.",
            "本人が確かめます。名前は元のままです。",
        )
        .stopped(),
    ],
    lanes: &[
        ("evil.example", "evil.example"),
        ("your browser", "あなたのブラウザー"),
        ("server", "サーバー"),
    ],
    undefended: &[
        step(
            (0, 1),
            ("a page with a hidden form", "隠しフォームのあるページ"),
            (
                "Its action is this site, and a line of script submits it.",
                "送信先はこのサイトで、1 行のスクリプトが送信します。",
            ),
        ),
        step(
            (1, 2),
            ("posts it, with your cookies", "Cookie を付けて送信"),
            (
                "Cookies depend on where a request goes, not on where it comes from.",
                "Cookie が付くかどうかは、リクエストの出どころではなく行き先で決まります。",
            ),
        )
        .harmful(),
        step(
            (2, 2),
            ("does it, in your name", "あなたの名で実行する"),
            (
                "You asked for nothing and see nothing. Had it changed the email address instead of the name, the account would be gone.",
                "頼んでもいないのに、気づかないうちに実行されます。変えられたのが名前ではなくメールアドレスなら、アカウントごと奪われていました。",
            ),
        )
        .harmful(),
    ],
};
