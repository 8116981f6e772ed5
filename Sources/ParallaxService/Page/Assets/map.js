// The map: points to look at, to move among, and to draw a line around.

import { colouring } from "./map-colours.js";

// Pixels within which a point is meant, and which a hand moves by itself.
const NEAR = 14;
const STILL = 4;
const MOST_CORNERS = 60;

export async function showMap(place) {
  if (!place) return;
  place.hidden = false;
  const state = document.getElementById("map-state");
  for (;;) {
    let map;
    try {
      const reply = await fetch(place.dataset.source);
      map = await reply.json();
      if (!reply.ok) return say(place, map.detail);
    } catch {
      return say(place, "The server does not answer.");
    }
    if (map.made && place.dataset.made === undefined) return location.reload();
    if (map.made) return new MapView(place, map);
    const share = map.done === undefined ? "" : ` ${Math.floor(map.done * 100)} %`;
    if (state) state.textContent = `The map is being made${map.activity ? `: ${map.activity}${share}` : ""}.`;
    await new Promise((wake) => setTimeout(wake, 400));
  }
}

function say(place, text) {
  const note = document.createElement("p");
  note.className = "problem";
  note.setAttribute("role", "alert");
  note.textContent = text;
  place.replaceChildren(note);
}

const element = (name, attributes, ...content) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...content);
  return made;
};

class MapView {
  constructor(place, map) {
    Object.assign(this, { place, map });
    this.canvas = element("canvas", {
      tabindex: "0", role: "application", "aria-roledescription": "map", "aria-describedby": "map-keys",
      "aria-label": `Map of ${map.ids.length} items`,
    });
    this.item = element("p", { class: "map-item", role: "status", id: "map-item" });
    this.tools();
    this.colours();
    this.item.hidden = true;
    place.replaceChildren(
      this.bar, element("div", { class: "map-stage" }, this.canvas, this.item), this.legend, this.keys);
    this.corners = (place.dataset.inside ?? "").split(" ").filter(Boolean).map((part) => part.split(",").map(Number));
    this.path = [];
    this.pointers = new Map();
    this.context = this.canvas.getContext("2d");
    new ResizeObserver(() => this.resize()).observe(this.canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
    this.listen();
  }

  tools() {
    const button = (text, label, act) => {
      const made = element("button", { type: "button", "aria-label": label }, text);
      made.addEventListener("click", act);
      return made;
    };
    this.moving = element("button", { type: "button", "aria-pressed": "false" }, "Move");
    this.moving.addEventListener("click", () =>
      this.moving.setAttribute("aria-pressed", String(!this.isMoving)));
    this.bar = element(
      "p", { class: "map-tools" },
      this.moving,
      button("+", "Nearer", () => this.zoom(1.5)), button("−", "Farther", () => this.zoom(1 / 1.5)),
      button("All", "Show all", () => this.fit()));
    this.keys = element(
      "p", { class: "soft", id: "map-keys" },
      "Draw a line around points to see what is there. “Move” moves the map instead, Ctrl and the wheel make it larger. "
        + "With the keys: arrows move the cross, + and − make it larger, Enter opens the nearest item; "
        + "Space sets corners of a line, Enter closes it, Escape takes it away.");
  }

  get isMoving() { return this.moving.getAttribute("aria-pressed") === "true"; }

  // MARK: Colours

  colours() {
    const { colours, entries } = colouring(this.map.values, this.map.kind, this.map.ids.length);
    this.legend = element("ul", { class: "legend", "aria-label": "Colours" });
    this.legend.hidden = !entries.length;
    this.shown = null;
    this.colour = colours;
    for (const { colour, text, rule } of entries) this.entry(colour, text, rule);
  }

  /// A line of the legend; one with a rule shows its points alone when it is pressed.
  entry(colour, text, rule) {
    const swatch = element("span", { class: "swatch", "aria-hidden": "true" });
    swatch.style.background = colour;
    if (!rule) return this.legend.append(element("li", {}, swatch, text));
    const button = element("button", { type: "button", "aria-pressed": "false" }, swatch, text);
    button.addEventListener("click", () => {
      const isOn = button.getAttribute("aria-pressed") === "true";
      for (const other of this.legend.querySelectorAll("button")) other.setAttribute("aria-pressed", "false");
      button.setAttribute("aria-pressed", String(!isOn));
      this.shown = isOn ? null : rule;
      this.draw();
    });
    this.legend.append(element("li", {}, button));
  }

  // MARK: Where things are

  resize() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (!width || !height) return;
    const ratio = devicePixelRatio || 1;
    this.canvas.width = width * ratio;
    this.canvas.height = height * ratio;
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const isFirst = !this.width;
    Object.assign(this, { width, height });
    if (isFirst) this.fit();
    else this.draw();
  }

  fit() {
    const { x, y } = this.map;
    const range = (values) => values.reduce(
      ([least, most], value) => [Math.min(least, value), Math.max(most, value)], [Infinity, -Infinity]);
    const [[left, right], [bottom, top]] = [range(x), range(y)];
    const margin = 16;
    this.scale = Math.min(
      (this.width - 2 * margin) / (right - left || 1), (this.height - 2 * margin) / (top - bottom || 1));
    this.centre = [(left + right) / 2, (bottom + top) / 2];
    this.cross = null;
    this.draw();
  }

  /// The y of a map grows upwards, that of a screen downwards.
  toScreen(x, y) {
    return [this.width / 2 + (x - this.centre[0]) * this.scale, this.height / 2 - (y - this.centre[1]) * this.scale];
  }

  toMap(x, y) {
    return [this.centre[0] + (x - this.width / 2) / this.scale, this.centre[1] - (y - this.height / 2) / this.scale];
  }

  zoom(factor, at = this.cross ?? [this.width / 2, this.height / 2]) {
    const before = this.toMap(...at);
    this.scale *= factor;
    const after = this.toMap(...at);
    this.centre = [this.centre[0] + before[0] - after[0], this.centre[1] + before[1] - after[1]];
    this.draw();
  }

  shift(across, down) {
    this.centre = [this.centre[0] - across / this.scale, this.centre[1] + down / this.scale];
    this.draw();
  }

  /// The item nearest to a place on the screen; -1 for none that is near.
  nearest([x, y], within = NEAR) {
    let [best, least] = [-1, within * within];
    for (let place = 0; place < this.map.ids.length; place++) {
      const [left, top] = this.toScreen(this.map.x[place], this.map.y[place]);
      const distance = (left - x) ** 2 + (top - y) ** 2;
      if (distance < least) [best, least] = [place, distance];
    }
    return best;
  }

  // MARK: Drawing

  draw() {
    if (this.isDue) return;
    this.isDue = true;
    requestAnimationFrame(() => {
      this.isDue = false;
      this.paint();
    });
  }

  paint() {
    const { context, width, height, map } = this;
    const style = getComputedStyle(document.body);
    context.clearRect(0, 0, width, height);
    const radius = map.ids.length > 20000 ? 1.5 : map.ids.length > 3000 ? 2.5 : 4;
    for (const isFront of this.shown ? [false, true] : [true]) {
      context.globalAlpha = this.shown && !isFront ? 0.12 : 0.85;
      for (let place = 0; place < map.ids.length; place++) {
        if (this.shown && this.shown(place) !== isFront) continue;
        const [x, y] = this.toScreen(map.x[place], map.y[place]);
        if (x < -9 || y < -9 || x > width + 9 || y > height + 9) continue;
        context.fillStyle = this.colour[place];
        context.beginPath();
        context.arc(x, y, radius, 0, 2 * Math.PI);
        context.fill();
      }
    }
    context.globalAlpha = 1;
    context.strokeStyle = style.color;
    context.lineWidth = 2;
    const line = this.path.length ? this.path : this.corners;
    if (line.length) {
      context.beginPath();
      for (const corner of line) context.lineTo(...this.toScreen(...corner));
      if (!this.path.length) context.closePath();
      context.stroke();
      if (!this.path.length) {
        context.globalAlpha = 0.08;
        context.fillStyle = style.color;
        context.fill();
        context.globalAlpha = 1;
      }
    }
    if (this.chosen >= 0) {
      const [x, y] = this.toScreen(map.x[this.chosen], map.y[this.chosen]);
      context.beginPath();
      context.arc(x, y, radius + 4, 0, 2 * Math.PI);
      context.stroke();
    }
    if (this.cross && document.activeElement === this.canvas) {
      const [x, y] = this.cross;
      context.beginPath();
      for (const [across, down] of [[9, 0], [0, 9]]) {
        context.moveTo(x - across, y - down);
        context.lineTo(x + across, y + down);
      }
      context.stroke();
    }
  }

  // MARK: What is done

  choose(place) {
    if (place === this.chosen) return;
    this.chosen = place;
    this.draw();
    this.item.hidden = place < 0;
    if (place < 0) return this.item.replaceChildren();
    const id = this.map.ids[place];
    const collection = encodeURIComponent(this.place.dataset.collection);
    const value = this.map.values?.[place];
    const name = element("bdi", {}, id);
    this.item.replaceChildren(
      element(
        "a", { href: this.address(place) },
        element("img", {
          src: `/v1/items/${collection}/${encodeURIComponent(id)}/thumbnail?side=160`, alt: "", width: "96", height: "96",
        }), name),
      ...(value === null || value === undefined ? [] : [` ${value}`]));
  }

  address(place) {
    return `/item/${encodeURIComponent(this.place.dataset.collection)}/${encodeURIComponent(this.map.ids[place])}`
      + `?space=${encodeURIComponent(this.map.space)}`;
  }

  /// Shows what a line is around.
  close() {
    const corners = simplified(this.path.map((corner) => this.toScreen(...corner)), MOST_CORNERS)
      .map((corner) => this.toMap(...corner).map((value) => Number(value.toFixed(4))));
    this.path = [];
    if (corners.length < 3) return this.draw();
    const next = new URL(this.place.dataset.page, location.href);
    next.searchParams.set("inside", corners.map((corner) => corner.join(",")).join(" "));
    next.hash = "inside";
    location.assign(next);
  }

  listen() {
    const { canvas, pointers } = this;
    const at = (event) => [event.offsetX, event.offsetY];
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button > 1) return;
      canvas.setPointerCapture(event.pointerId);
      pointers.set(event.pointerId, at(event));
      this.from = at(event);
      // Two fingers move and stretch the map, whatever one would do.
      this.isDrawing = pointers.size === 1 && !this.isMoving && event.button === 0;
      this.path = [];
    });
    canvas.addEventListener("pointermove", (event) => {
      const here = at(event);
      const before = pointers.get(event.pointerId);
      if (!before) {
        // What was near last stays, so that its picture can be reached.
        const near = this.nearest(here);
        if (near >= 0) this.choose(near);
        return;
      }
      if (pointers.size === 2) {
        const other = [...pointers].find(([id]) => id !== event.pointerId)[1];
        this.zoom(Math.hypot(here[0] - other[0], here[1] - other[1])
          / (Math.hypot(before[0] - other[0], before[1] - other[1]) || 1), other);
      } else if (!this.isDrawing) {
        this.shift(here[0] - before[0], here[1] - before[1]);
      } else if (this.path.length || Math.hypot(here[0] - this.from[0], here[1] - this.from[1]) > STILL) {
        if (!this.path.length) this.path.push(this.toMap(...this.from));
        this.path.push(this.toMap(...here));
        this.draw();
      }
      pointers.set(event.pointerId, here);
    });
    canvas.addEventListener("pointerup", (event) => {
      const wasAlone = pointers.size === 1;
      pointers.delete(event.pointerId);
      if (!wasAlone) return;
      if (this.path.length > 1) this.close();
      else if (Math.hypot(event.offsetX - this.from[0], event.offsetY - this.from[1]) <= STILL) {
        this.choose(this.nearest(at(event), 2 * NEAR));
      }
    });
    canvas.addEventListener("pointercancel", (event) => {
      pointers.delete(event.pointerId);
      this.path = [];
      this.draw();
    });
    canvas.addEventListener("wheel", (event) => {
      // Without a key the wheel moves the page.
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      this.zoom(Math.exp(-event.deltaY / 300), at(event));
    }, { passive: false });
    canvas.addEventListener("keydown", (event) => this.press(event));
    for (const name of ["focus", "blur"]) canvas.addEventListener(name, () => this.draw());
  }

  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    this.cross ??= [this.width / 2, this.height / 2];
    const far = event.shiftKey ? 60 : 12;
    const moves = { ArrowLeft: [-far, 0], ArrowRight: [far, 0], ArrowUp: [0, -far], ArrowDown: [0, far] };
    if (moves[event.key]) {
      const [across, down] = moves[event.key];
      const [x, y] = [this.cross[0] + across, this.cross[1] + down];
      this.cross = [Math.min(Math.max(x, 0), this.width), Math.min(Math.max(y, 0), this.height)];
      // At the edge the map moves instead.
      this.shift(this.cross[0] - x, this.cross[1] - y);
      this.choose(this.nearest(this.cross));
    } else if (event.key === "+" || event.key === "=") this.zoom(1.25);
    else if (event.key === "-") this.zoom(1 / 1.25);
    else if (event.key === " ") {
      this.path.push(this.toMap(...this.cross));
      this.draw();
    } else if (event.key === "Escape") {
      this.path = [];
      this.draw();
    } else if (event.key === "Enter") {
      if (this.path.length > 2) this.close();
      else if (this.chosen >= 0) location.assign(this.address(this.chosen));
    } else return;
    event.preventDefault();
  }
}

/// The corners of a line that a hand drew, at most so many (Douglas and Peucker).
function simplified(line, most) {
  for (let tolerance = 1; ; tolerance *= 2) {
    const kept = [line[0], ...within(line, tolerance), line[line.length - 1]].filter(Boolean);
    if (kept.length <= most) return kept;
  }
}

function within(line, tolerance) {
  if (line.length < 3) return [];
  const [[x, y], [endX, endY]] = [line[0], line[line.length - 1]];
  const length = Math.hypot(endX - x, endY - y);
  let [place, farthest] = [0, tolerance];
  for (let index = 1; index < line.length - 1; index++) {
    const [across, down] = [line[index][0] - x, line[index][1] - y];
    const distance = length
      ? Math.abs(across * (endY - y) - down * (endX - x)) / length : Math.hypot(across, down);
    if (distance > farthest) [place, farthest] = [index, distance];
  }
  if (!place) return [];
  return [...within(line.slice(0, place + 1), tolerance), line[place], ...within(line.slice(place), tolerance)];
}
