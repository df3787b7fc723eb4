// Draw the crop page: the turned photo, the rectangle over it, and the numbers of the sliders.
// <form data-crop="1600 1200"><svg data-stage><image/><path/><rect data-frame data-label="…" data-says="…"/></svg></form>
const TURNS = [() => "", (w, h) => `translate(${h} 0) rotate(90)`, (w, h) => `translate(${w} ${h}) rotate(180)`, (w) => `translate(0 ${w}) rotate(270)`];

const turn = (form) => Number(form.elements.turn.value);

/** Width and height of all of the photo, as turned. */
export function bounds(form) {
  const size = form.dataset.crop.split(" ").map(Number);
  const [width, height] = turn(form) % 2 ? size.reverse() : size;
  return { width, height };
}

export function draw(form, frame) {
  const stage = form.querySelector("[data-stage]");
  const { width, height } = bounds(form);
  set(stage, { viewBox: `0 0 ${width} ${height}`, width, height });
  set(stage.querySelector("image"), { transform: TURNS[turn(form)](...form.dataset.crop.split(" ")) });
  const hole = `M${frame.left} ${frame.top}h${frame.width}v${frame.height}h-${frame.width}Z`;
  set(stage.querySelector("path"), { d: `M0 0H${width}V${height}H0Z${hole}` });
  const { left: x, top: y, width: across, height: down } = frame;
  const box = stage.querySelector("[data-frame]");
  set(box, { x, y, width: across, height: down });

  const most = { left: width - across, top: height - down, width, height };
  for (const side of Object.keys(most)) {
    const slider = form.elements[side];
    Object.assign(slider, { max: most[side], value: frame[side] });
    slider.parentElement.querySelector("output").value = frame[side];
  }
  // A slider to those who hear the page: they are told each new value, and arrows reach it.
  const share = Math.round((100 * across * down) / (width * height));
  set(box, { tabindex: 0, role: "slider", "aria-label": box.dataset.label, "aria-describedby": "crop-keys" });
  set(box, { "aria-valuemin": 0, "aria-valuemax": 100, "aria-valuenow": share });
  set(box, { "aria-valuetext": box.dataset.says.replace(/{(\w+)}/g, (_, side) => frame[side]) });
}

function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
}
