// A photo that was removed while it went up, or after, is taken back by its key: asked until the server has heard.
const PAUSE = 3000;
const asked = new Set();

/** Until the server knows of all that was taken back. */
export const allTakenBack = () => Promise.all(asked);

export function takeBack(form, key) {
  const { uploads } = form.dataset;
  const body = new URLSearchParams({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
  const told = ask(`${uploads}${key}/delete/`, body).finally(() => asked.delete(told));
  asked.add(told);
}

async function ask(address, body) {
  const answer = await fetch(address, { method: "POST", body, keepalive: true }).catch(() => null);
  if (answer && answer.status < 500) return;
  await new Promise((done) => setTimeout(done, PAUSE));
  await ask(address, body);
}
