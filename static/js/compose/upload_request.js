// Build the request of an upload. No markup beyond the form's data-uploads, its address.

/** A random UUID; crypto.randomUUID is not there on a page without https. */
export function newKey() {
  const digit = (place) => (place ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (place / 4)))).toString(16);
  return "10000000-1000-4000-8000-100000000000".replace(/[018]/g, digit);
}

/** Where a photo goes, and the form it goes in. */
export function uploadRequest(item, { key, file }) {
  const form = item.closest("form");
  const data = new FormData();
  data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  data.set("key", key);
  data.set("note", form.elements.key.value);
  data.set("place", [...form.querySelectorAll(".photo-item")].indexOf(item));
  data.set("photos", file);
  return [form.dataset.uploads, data];
}
