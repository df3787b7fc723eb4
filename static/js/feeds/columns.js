// Keep cards in their columns after Back: a list that begins further down would place them differently.
// <div class="waterfall__grid"><article id="note-1">…</article></div>
const grids = () => [...document.querySelectorAll(".waterfall__grid")];
const cards = (grid) => [...grid.querySelectorAll(":scope > [id]")];
const count = (grid) => getComputedStyle(grid).gridTemplateColumns.split(" ").length;
const left = (card) => Math.round(card.getBoundingClientRect().left);

/** In which column, of how many, each card of the page stands. */
export function columns() {
  const column = {};
  for (const grid of grids()) {
    const order = [...new Set(cards(grid).map(left))].sort((one, other) => one - other);
    for (const card of cards(grid)) column[card.id] = order.indexOf(left(card)) + 1;
  }
  return { column, count: grids().map(count) };
}

/** Has the cards stand in those columns, as long as there are as many. */
export function restoreColumns(before) {
  if (!before) return;
  const isSame = String(grids().map(count)) === String(before.count);
  for (const card of grids().flatMap(cards)) card.style.gridColumnStart = (isSame && before.column[card.id]) || "";
}
