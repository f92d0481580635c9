// Makes a page what the server sent, after somebody else has put nodes into it, so that it can come
// alive. Loaded by the few pages that need it: see `kit/leptos/src/server/start.js`.

/**
 * Takes what is foreign out of the way, in each of `[parent, wanted, first node]`; the first child,
 * where no node is given. `is(node, want)` tells whether a node is of the kind that is wanted there.
 * Answers what puts it back, once the page is alive: then it is in nobody's way any more.
 */
export function mend(places, is) {
  const taken = [];
  for (const [parent, wanted, first] of places) {
    parent.normalize();
    const mark = first ?? (parent === document.head ? markHead(wanted, is) : parent.firstChild);
    mendChildren(parent, wanted, mark, is, taken);
  }
  return () => {
    for (const [node, next] of taken) {
      if (next.isConnected) next.before(node);
    }
  };
}

/** Marks anew where the part of the head begins that comes alive: a comment, which somebody took away. */
function markHead(wanted, is) {
  const mark = new Comment('HEAD');
  const first = align([...document.head.childNodes], wanted, is).find((node) => node);
  document.head.insertBefore(mark, first ?? null);
  return mark;
}

function mendChildren(parent, wanted, first, is, taken) {
  const nodes = [];
  for (let node = first; node; node = node.nextSibling) nodes.push(node);
  const pairs = align(nodes, wanted, is);

  let place = first;
  wanted.forEach((want, index) => {
    const match = pairs[index];
    if (match) {
      // What stands before it and is nobody's.
      while (place && place !== match) {
        const next = place.nextSibling;
        taken.push([place, match]);
        place.remove();
        place = next;
      }
      place = match.nextSibling;
      if (want[0] === '#' && match.nodeType !== Node.TEXT_NODE) match.replaceWith(match.textContent || ' ');
      else mendChildren(match, want[1], match.firstChild, is, taken);
    } else if (want[0] === '#' || want[0] === '!') {
      // A text or a comment that somebody took away.
      parent.insertBefore(want[0] === '#' ? new Text(' ') : new Comment(), place);
    }
  });
}

/** The node for each that is wanted, in their order, so that as much as possible is found. */
function align(nodes, wanted, is) {
  const worth = nodes.map((node) => wanted.map((want) => value(node, want, is)));
  // best[n][w]: what the nodes from n on are worth for those wanted from w on.
  const best = Array.from({ length: nodes.length + 1 }, () => new Array(wanted.length + 1).fill(0));
  for (let n = nodes.length - 1; n >= 0; n--) {
    for (let w = wanted.length - 1; w >= 0; w--) {
      const take = worth[n][w] && worth[n][w] + best[n + 1][w + 1];
      best[n][w] = Math.max(take, best[n + 1][w], best[n][w + 1]);
    }
  }
  const pairs = new Array(wanted.length);
  for (let n = 0, w = 0; n < nodes.length && w < wanted.length; ) {
    if (worth[n][w] && best[n][w] === worth[n][w] + best[n + 1][w + 1]) pairs[w++] = nodes[n++];
    else if (best[n][w] === best[n + 1][w]) n++;
    else w++;
  }
  return pairs;
}

/** How well a node does for what is wanted; 0 if it does not. */
function value(node, want, is) {
  const [name, children] = want;
  if (name === '!') return is(node, want) ? 1 : 0;
  if (name === '#') return is(node, want) ? 3 : isTranslation(node) ? 2 : 0;
  if (!is(node, want)) return 0;
  // What it holds tells it from a foreign element of the same kind.
  let [found, elements, texts] = [node.firstChild, 0, 0];
  for (const child of children) {
    if (child[0] === '!') continue;
    if (child[0] === '#') {
      texts = node.textContent ? 1 : 0;
      continue;
    }
    while (found && !value(found, child, is)) found = found.nextSibling;
    if (!found) return 0;
    found = found.nextSibling;
    elements++;
  }
  return 10 + elements + texts;
}

/** Translators put elements around the texts that they write. */
function isTranslation(node) {
  return node.localName === 'font' && !node.querySelector(':not(font)');
}
