// Delete uploads whose photo was removed while it was sent, or after, by their keys; retry until the server answers.
// <form data-uploads="/uploads/">
import { post } from "../forms/csrf.js";

const PAUSE = 3000;
const TRIES = 5; // in a row; then again before the form is sent
const left = new Map(); // by address: the form, and what is being asked

/** Until the server knows of all that was taken back, or cannot be told now. */
export const uploadsDeleted = () => Promise.all([...left].map(([address, { form, told }]) => told ?? start(form, address)));

export const deleteUpload = (form, key) => start(form, `${form.dataset.uploads}${key}/delete/`);

function start(form, address) {
  const told = ask(form, address).then((heard) => (heard ? left.delete(address) : left.set(address, { form })));
  left.set(address, { form, told });
  return told;
}

async function ask(form, address, tries = TRIES) {
  const body = new URLSearchParams({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
  const answer = await post(address, { body, keepalive: true }).catch(() => null);
  if (answer && answer.status < 500) return ![401, 403].includes(answer.status);
  if (tries === 1) return false;
  await new Promise((done) => setTimeout(done, PAUSE));
  return ask(form, address, tries - 1);
}
