// Load the suggestions of people once the text that can mention them has the focus.
// <script type="module" src="/static/js/mentions/load.js" data-mentions="/mentions/?note=12" data-style="/static/css/…"
//   data-label="People" data-one="1 person" data-more="# people"></script>  <textarea name="body"></textarea>
const words = document.querySelector("script[data-mentions]").dataset;

function load({ target }) {
  if (target.matches?.("textarea[name=body]:not([data-suggests])")) {
    import("./suggest.js").then(({ suggestFor }) => suggestFor(target, words), () => {});
  }
}

document.addEventListener("focusin", load);
load({ target: document.activeElement });
