// Hash files, to recognise a photo that was added already. No markup.
let last = Promise.resolve();

/** The SHA-256 of a file, in hex, one file after another; "" where the browser has none to offer. */
export function fileHash(file) {
  last = last.then(() => sha256(file)).catch(() => "");
  return last;
}

async function sha256(file) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
