// Everything here only quickens what links and forms already do. State lives in aria-* and data-*.
import "./theme.js";
import "./press.js";
import "./answers.js";
import "./more.js";
import "./counter.js";
import "./echo.js";
import "./dialog.js";
import "./carousel.js";

document.documentElement.dataset.js = "";
if (document.querySelector("[data-tray]")) import("./compose.js");
