// The compose form: photos that go up by themselves, words that are kept, tags by chips, a cover to be seen.
import "./cover.js";
import "./order.js";
import "./bring.js";
import "./strip.js";
import "./develop.js";
import "./tags.js";
import "./promise.js";
import "./keep.js";
import "./submit.js";
import { recall } from "./leaving.js";
import { showCover } from "./preview.js";

const list = document.querySelector("[data-tray]");
showCover(list);
recall();
list.querySelector("input[type=file]").dispatchEvent(new Event("change", { bubbles: true })); // chosen before this ran
