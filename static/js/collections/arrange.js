// Put the notes of a collection in order by buttons and by drag. Each move is sent by itself, one after another.
// <ol data-arrange data-moved="Now in place"><li data-note="1" draggable="true"><button form="order" data-step="-1"></li></ol>
import { post } from "../forms/csrf.js";
import { showError } from "../components/toast.js";

const list = document.querySelector("[data-arrange]");
const form = document.getElementById("order");
const said = document.querySelector("[data-said]");
let dragged = null;
let before = null; // what came after the dragged note when the drag began
let sent = Promise.resolve();

for (const button of list.querySelectorAll("[data-step]")) button.disabled = false;

list.addEventListener("click", (event) => {
  const button = event.target.closest("[data-step]");
  if (!button) return;
  const row = button.closest("[data-note]");
  const { step } = button.dataset;
  if (step === "first" && !("first" in list.dataset)) return; // the front is on another page
  const other = { "-1": row.previousElementSibling, 1: row.nextElementSibling, first: list.firstElementChild }[step];
  if (!other && button.value.endsWith(":0")) return event.preventDefault(); // it is the first or the last of all
  if (!other) return;
  event.preventDefault();
  if (other === row) return;
  other[step === "1" ? "after" : "before"](row);
  button.focus();
  save(row);
});

function save(row) {
  const next = row.nextElementSibling;
  const move = next ? `before:${next.dataset.note}` : `after:${row.previousElementSibling.dataset.note}`;
  const body = new FormData(form);
  body.set("move", `${row.dataset.note}:${move}`);
  sent = sent.then(() => post(form.action, { body })).then(({ ok, status }) => {
    if (status === 409) return location.reload();
    if (ok) said.textContent = `${list.dataset.moved}: ${row.querySelector("a").textContent}`;
    else showError(status);
  }).catch(() => showError());
}

list.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-note]") ?? null;
  if (!dragged) return;
  before = dragged.nextElementSibling;
  dragged.dataset.dragged = "";
  event.dataTransfer.effectAllowed = "move";
});
list.addEventListener("dragover", (event) => {
  const over = dragged && event.target.closest("[data-note]");
  if (!over) return;
  event.preventDefault();
  if (over === dragged) return;
  over[dragged.compareDocumentPosition(over) & Node.DOCUMENT_POSITION_FOLLOWING ? "after" : "before"](dragged);
});
list.addEventListener("drop", (event) => dragged && event.preventDefault());
list.addEventListener("dragend", () => {
  delete dragged.dataset.dragged;
  if (dragged.nextElementSibling !== before) save(dragged);
  dragged = null;
});
