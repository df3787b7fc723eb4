// The script of a note's page, loaded as one file (core/script_bundles.py).
// <script type="module" src="/static/js/note.bundle.js"></script>
import "./components/share.js";
import "./note_page/lightbox.js";
import "./readers/photos_reached.js";
import "./comments/reply.js";
