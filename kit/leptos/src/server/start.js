// Brings the page to life, if it can. Written into every page, without these lines.
const root = document.documentElement;

// One answer at a time: a form that waits for one, or that leads away, is not sent again.
let [sent, gone] = [new WeakMap(), false];
addEventListener('submit', (event) => {
  const form = event.target;
  const waits = 'leaving' in root.dataset || Date.now() - sent.get(form) < 10000 || form.querySelector('[aria-busy=true]');
  if (waits) {
    event.preventDefault();
    event.stopImmediatePropagation();
  } else if (event.submitter?.hasAttribute('formaction')) {
    // Language and theme: what was typed goes along, never a password, and no other script takes it over.
    event.stopImmediatePropagation();
    sent.set(form, Date.now());
    const unsent = form.querySelectorAll('[type=password]');
    unsent.forEach((field) => (field.disabled = true));
    setTimeout(() => unsent.forEach((field) => (field.disabled = false)));
  }
}, true);
addEventListener('submit', (event) => event.defaultPrevented || sent.set(event.target, Date.now()));
addEventListener('pagehide', () => (gone = true));
addEventListener('pageshow', (event) => {
  gone = false;
  if (event.persisted) {
    sent = new WeakMap();
    delete root.dataset.leaving;
  }
});

// What the server sent (`kit/axum/src/http/shape.rs`), as lists of [name, children].
const [head, body] = (document.body.dataset.shape ?? '').split('|').map((shape) => {
  const open = [[]];
  for (const [part] of shape.matchAll(/[#!)]|[^#!()]+\(/g)) {
    if (part === ')') {
      open.pop();
      continue;
    }
    const children = [];
    open.at(-1).push([part.replace('(', ''), children]);
    if (part.at(-1) === '(') open.push(children);
  }
  return open[0];
});
const is = (node, [name]) => {
  const [tag, css] = name.split('.');
  if (tag === '#' || tag === '!') return node.nodeType === (tag === '#' ? 3 : 8);
  return node.localName === tag && (!css || node.classList.contains(css));
};
// More nodes behind those that the server sent are in nobody's way.
const same = (node, wanted) => {
  for (const want of wanted) {
    if (!node || !is(node, want) || !same(node.firstChild, want[1])) return false;
    node = node.nextSibling;
  }
  return true;
};
const metaTags = () => [...document.head.childNodes].find((node) => node.nodeType === 8 && node.data === 'HEAD');
const asSent = () => !body || (same(metaTags(), head) && same(document.body.firstChild, body));

const start = async () => {
  const code = await import(files.js);
  await code.default({ module_or_path: files.wasm });
  if (code.prepare && !(await code.prepare())) throw new Error('the code of this page did not arrive');
  const mend = asSent() ? undefined : await import(files.mend);
  // From here on nobody else runs until the page is alive.
  const restore = mend?.mend([[document.head, head, metaTags()], [document.body, body]], is);
  const listeners = [];
  const original = EventTarget.prototype.addEventListener;
  EventTarget.prototype.addEventListener = function (...listener) {
    listeners.push([this, listener]);
    return original.apply(this, listener);
  };
  try {
    if (!asSent()) throw new Error('something else has changed it');
    code.hydrate();
  } catch (fault) {
    // Leptos leaves its listeners behind, which would swallow every click.
    root.dataset.plain = '';
    for (const [target, listener] of listeners) target.removeEventListener(...listener);
    throw fault;
  } finally {
    EventTarget.prototype.addEventListener = original;
    restore?.();
  }
};
start().catch((fault) => {
  root.dataset.plain = '';
  if (!gone) console.error('This page works on as plain HTML:', fault);
});
