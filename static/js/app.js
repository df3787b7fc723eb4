// The script of every page. It only speeds up what links and forms do anyway; state lives in aria-* and data-*.
// Pages load it and all it imports as one file (core/script_bundles.py); a module that others import too holds no state.
// <script type="module" src="/static/js/app.bundle.js"></script>
import "./components/theme.js";
import "./components/page_toasts.js";
import "./reactions/toggle.js";
import "./components/undo.js";
import "./components/htmx_responses.js";
import "./components/htmx.js";
import "./feeds/load_more.js";
import "./feeds/restore_position.js";
import "./forms/fields.js";
import "./components/dialog.js";
import "./forms/offline.js";
import "./components/shortcuts.js";
import "./search/box.js";
import "./note_page/carousel.js";
import "./explore/introduction.js";

document.documentElement.dataset.js = ""; // shows what needs script, now that it is there
