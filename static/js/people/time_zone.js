// Offer the zone of the device where the list has it and another one is chosen. It is chosen, never saved, by pressing.
// <p data-zone="id_time_zone" hidden><span>… {0} …</span><button type="button">…</button></p>
const offer = document.querySelector("[data-zone]");
const list = document.getElementById(offer.dataset.zone);
const name = Intl.DateTimeFormat().resolvedOptions().timeZone;
const own = [...list.options].find((option) => name && [option.value, option.dataset.former].includes(name));
const said = offer.querySelector("b");

said.textContent = said.textContent.replace("{0}", own?.text ?? "");
const compare = () => (offer.hidden = !own || own.selected);
offer.querySelector("button").addEventListener("click", () => {
  own.selected = true;
  list.focus();
  compare();
});
list.addEventListener("change", compare);
compare();
