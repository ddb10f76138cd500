/** What is shown by an organisation's own name too; the server has the same list (`outward/door.py`). */
const MEETINGS = /^\/(m\/[^/]+|answer|test|privacy)?$/;

/** Where that page is, for who came by an own name. `main`: the server's own address; null: they came by that. Null: here. */
export function elsewhereOf(path: string, main: string | null): string | null {
  return main === null || MEETINGS.test(path) ? null : main + path;
}

/** To sign in, and back to the same meeting; its secret is in the fragment, which no server sees. */
export function signInFor(number: string, secret: string | undefined, main: string): string {
  const next = encodeURIComponent(`/m/${number}`);
  return `${main}/signin?next=${next}${secret === undefined ? "" : `#k=${secret}`}`;
}
