// The compose form: a tray of photos, tags by chips, an upload that shows how far it is.
import "./cover.js";
import "./order.js";
import "./tags.js";
import "./upload.js";
import { showCover } from "./preview.js";

showCover(document.querySelector("[data-tray]"));
