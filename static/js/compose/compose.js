// The compose form: photos that upload by themselves, a draft that is saved while typing, chips for tags, a preview.
// <form id="compose"><ul data-photo-list><li class="photo-item">…</li><li class="photo-list__add"><input type="file"></li></ul></form>
import "./text_cover.js";
import "./reorder.js";
import "./paste_and_drop.js";
import "./phone_strip.js";
import "./poll_renditions.js";
import "./tag_chips.js";
import "./topic_hint.js";
import "./origin.js";
import "./autosave.js";
import "./submit.js";
import { restoreText } from "./unsaved_text.js";
import { showCover } from "./preview.js";

const list = document.querySelector("[data-photo-list]");
showCover(list);
restoreText();
list.querySelector("input[type=file]").dispatchEvent(new Event("change", { bubbles: true })); // chosen before this ran
