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

document.documentElement.dataset.js = ""; // shows what needs script, now that it is there
