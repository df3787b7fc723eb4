// Load htmx where something on the page asks by itself, or a link that it serves is clicked; lists load it once their end
// comes near (feeds/load_more.js).
// <script type="module" src="/static/js/app.bundle.js" data-htmx="/static/django_htmx/htmx-4.min.js"></script>
let loading = null;
let isLoaded = false;

/** Resolve once htmx has processed the page. Reject where it cannot be had. */
export function loadHtmx() {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = document.querySelector("script[data-htmx]").dataset.htmx;
    // htmx processes the page in a task that it has queued by then
    script.onload = () => setTimeout(() => resolve((isLoaded = true)));
    script.onerror = reject;
    document.head.append(script);
  });
  return loading;
}

if (document.querySelector("[data-hx-trigger]")) loadHtmx().catch(() => {});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-hx-get]");
  if (!link || isLoaded || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  loadHtmx().then(
    () => link.click(),
    () => location.assign(link.href),
  );
});
