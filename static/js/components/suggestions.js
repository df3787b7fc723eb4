// Ask the server for suggestions once typing rests. Each text is asked for once; a newer one ends the request before it.
// suggestions("/mentions/", (typed, html) => …).want("li")
const WAIT = 150; // ms

export function suggestions(address, show) {
  const known = new Map();
  let waiting, asking;

  async function ask(typed) {
    asking = new AbortController();
    const asked = new URL(address, location);
    asked.searchParams.set("typed", typed);
    const headers = { "X-Requested-With": "fetch" };
    const answer = await fetch(asked, { headers, signal: asking.signal }).catch(() => null);
    const html = answer?.status === 200 ? await answer.text().catch(() => null) : "";
    if (html === null) return; // aborted half-way
    if (answer?.ok) known.set(typed, html);
    show(typed, html);
  }

  return {
    want(typed, wait = WAIT) {
      if (known.has(typed)) show(typed, known.get(typed));
      else waiting = setTimeout(ask, wait, typed);
    },
    stop() {
      clearTimeout(waiting);
      asking?.abort();
    },
  };
}
