// Reply to a comment without leaving the page: the form names the author of the comment and quotes it.
// <a data-reply="12">Reply</a>  <form class="composer"><div data-answer hidden><bdi></bdi><q data-quote></q>
//   <a data-cancel>Cancel</a></div><input type="hidden" name="parent"><textarea name="body"></textarea></form>
const answer = document.querySelector("[data-answer]");
const composer = document.querySelector(".composer");
let asked = null; // the link that was pressed

document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  const link = event.target.closest("[data-reply]");
  const cancel = event.target.closest("[data-cancel]");
  if (!composer || !(link || cancel)) return;
  event.preventDefault();
  link ? reply(link) : stop();
});

function reply(link) {
  const comment = link.closest(".comment");
  asked = link;
  composer.elements.parent.value = link.dataset.reply;
  answer.querySelector("bdi").textContent = comment.querySelector(".comment__who bdi").textContent;
  answer.querySelector("[data-quote]").textContent = comment.querySelector(".comment__text").textContent;
  answer.hidden = false;
  write(comment);
}

/** The comment is in sight above the bar, and the words are typed below it. */
function write(comment) {
  composer.elements.body.setAttribute("aria-describedby", "answering-author answering-quote");
  composer.elements.body.focus({ preventScroll: true });
  comment?.scrollIntoView({ block: "nearest" });
}

function stop() {
  composer.elements.parent.value = "";
  composer.elements.body.removeAttribute("aria-describedby");
  answer.hidden = true;
  (asked ?? composer.elements.body).focus({ preventScroll: true });
}

// The page came with a comment to reply to: a browser that was led to it by the address gives the focus to nothing.
if (composer && !answer.hidden) write(document.getElementById(`comment-${composer.elements.parent.value}`));
