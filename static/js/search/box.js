// Load the suggestions of the search box once it has the focus.
// <form class="search" data-suggestions="/search/suggestions/"><input type="search"></form>
function load({ target }) {
  const form = target.closest?.("form[data-suggestions]:not([data-suggests])");
  if (form && target.type === "search") import("./suggest.js").then(({ suggestIn }) => suggestIn(form), () => {});
}

document.addEventListener("focusin", load);
load({ target: document.activeElement });
