// The CSRF token of forms, which changes when the person signs in in another tab.
// <input type="hidden" name="csrfmiddlewaretoken" value="…">

/** Marks a request as a script's: it is answered with what went wrong, never with a page to go to. */
export const SCRIPTED = { "X-Requested-With": "fetch" };

/** Takes the fresh token of an answer into every form and into what is sent again; whether there is one. */
export function renewToken(fresh, data) {
  if (!fresh) return false;
  for (const input of document.querySelectorAll("[name=csrfmiddlewaretoken]")) input.value = fresh;
  data.set("csrfmiddlewaretoken", fresh);
  return true;
}

/** POSTs a form as fetch does, once more where its token was stale. */
export async function post(address, { body, headers, ...options }) {
  const send = () => fetch(address, { method: "POST", body, headers: { ...SCRIPTED, ...headers }, ...options });
  const answer = await send();
  return answer.status === 403 && renewToken(answer.headers.get("X-CSRF-Token"), body) ? send() : answer;
}
