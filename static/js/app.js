// Everything here only quickens what links and forms already do. State lives in aria-* and data-*.
import "./theme.js";
import "./press.js";
import "./undo.js";
import "./answers.js";
import "./more.js";
import "./back.js";
import "./echo.js";
import "./dialog.js";
import "./offline.js";
import "./keys.js";
import "./carousel.js";

if (document.querySelector("[data-count]")) await import("./counter.js");
if (document.querySelector("[data-put-away]")) await import("./putaway.js");
if (document.querySelector("[data-changed]")) await import("./files.js");
if (document.querySelector("[data-tray]")) await import("./compose.js");
if (document.querySelector('a[href^="/report/"], a[data-sheet]')) await import("./sheet.js");
if (document.querySelector("[data-share]")) await import("./share.js");
if (document.querySelector("[data-seen] .slide")) await import("./seen.js");
if (document.querySelector("[data-answer]")) await import("./reply.js");
if (document.querySelector(".stage .slide")) await import("./large.js");
if (document.querySelector("[data-avatar]")) await import("./avatar.js");
if (document.querySelector("[data-crop]")) await import("./crop.js");
document.documentElement.dataset.js = ""; // shows what needs script, now that it is there
