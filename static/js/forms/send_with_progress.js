// Send a request and report its progress, which fetch cannot do yet. No markup.
import { SCRIPTED, renewToken } from "./csrf.js";

const SILENCE = 30_000;

/** Gives the XMLHttpRequest once it is answered. Rejects without an answer: no connection, or nothing moved for long. */
export async function send(address, data, options = {}) {
  const answer = await once(address, data, options);
  const isStale = answer.status === 403 && renewToken(answer.getResponseHeader("X-CSRF-Token"), data);
  return isStale ? once(address, data, options) : answer;
}

function once(address, data, { onProgress, signal, type = "" }) {
  const sending = new XMLHttpRequest();
  let silence;
  const heard = () => {
    clearTimeout(silence);
    silence = setTimeout(() => sending.abort(), SILENCE);
  };
  return new Promise((resolve, reject) => {
    sending.upload.onprogress = ({ loaded, total }) => {
      heard();
      onProgress?.(loaded / total);
    };
    sending.onload = () => resolve(sending);
    sending.onerror = sending.onabort = reject;
    sending.onloadend = () => clearTimeout(silence);
    signal?.addEventListener("abort", () => sending.abort());
    sending.responseType = type;
    sending.open("POST", address);
    for (const [name, value] of Object.entries(SCRIPTED)) sending.setRequestHeader(name, value);
    sending.send(data);
    heard();
  });
}
