// Grading: a question and some answers to it on a screen, graded with the keys 0 to 3. Each grade is sent at once,
// in the order in which they were given.

const GRADES = [3, 2, 1, 0];

const element = (name, attributes, ...content) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...content);
  return made;
};

const thumbnail = (collection, item, side) =>
  `/v1/items/${encodeURIComponent(collection)}/${encodeURIComponent(item)}/thumbnail?side=${side}`;

/// Sends a grade, or takes it back with `null`; throws with words of the server's.
async function send(address, judge, pair, grade) {
  let reply;
  try {
    reply = await fetch(address, {
      method: "POST", headers: { "Content-Type": "application/json" }, keepalive: true,
      body: JSON.stringify({ judge, question: pair.question, item: pair.item, grade }),
    });
  } catch {
    throw new Error("the server does not answer");
  }
  if (!reply.ok) throw new Error((await reply.json().catch(() => ({}))).detail ?? `status ${reply.status}`);
}

/// Four buttons, one of which is pressed.
function gradeButtons(words, name, give) {
  const buttons = GRADES.map((grade) => {
    const button = element(
      "button", { type: "button", "aria-pressed": "false", "aria-label": `${grade}, ${words[grade]}: ${name}`, title: words[grade] },
      String(grade));
    button.addEventListener("click", () => give(grade));
    return button;
  });
  return {
    row: element("p", { class: "grades", role: "group", "aria-label": `Grade of ${name}` }, ...buttons),
    show: (given) => buttons.forEach((button, place) =>
      button.setAttribute("aria-pressed", String(GRADES[place] === given))),
  };
}

export async function gradeAnswers(place) {
  if (!place) return;
  place.hidden = false;
  const state = document.getElementById("judge-state");
  state.textContent = "Loading…";
  try {
    const reply = await fetch(place.dataset.source);
    const task = await reply.json();
    if (!reply.ok) throw new Error(task.detail);
    new Grading(place, state, task);
  } catch (error) {
    state.textContent = "";
    place.append(element("p", { class: "problem", role: "alert" }, `This could not be loaded: ${error.message}.`));
  }
}

class Grading {
  constructor(place, state, task) {
    Object.assign(this, { place, state, task });
    this.words = Object.fromEntries(place.dataset.scale.split("|").map((word, index) => [3 - index, word]));
    // The answers to a question that stand behind one another are a screen.
    this.screens = [];
    for (const pair of task.pairs) {
      const last = this.screens.at(-1);
      if (last && last[0].question === pair.question) last.push(pair);
      else this.screens.push([pair]);
    }
    this.questions = new Map(task.questions.map((question) => [question.id, question]));
    this.history = [];
    this.sending = Promise.resolve();
    this.waiting = 0;
    this.problem = element("p", { class: "problem", role: "alert", hidden: "" });
    this.question = element("div", { class: "asked" });
    this.grid = element("ol", { class: "grid judged", "aria-label": "Answers" });
    this.dialog = this.makeDialog();
    const notes = task.notes.map((note) => element("p", { class: "note" }, note));
    place.append(...notes, this.help(), this.problem, this.question, this.grid, this.steps(), this.dialog);
    document.addEventListener("keydown", (event) => this.press(event));
    addEventListener("beforeunload", (event) => this.waiting && event.preventDefault());
    if (!task.pairs.length) return this.tell("There is no answer to grade.");
    const first = this.screens.findIndex((screen) => screen.some((pair) => pair.grade === null));
    this.open(Math.max(first, 0));
  }

  help() {
    const scale = GRADES.map((grade) => `${grade} ${this.words[grade]}`).join(" · ");
    return element(
      "p", { class: "soft" },
      `${scale}. Keys: 0 to 3 grade and go on, s skips, u takes the last grade back, arrows move, Enter shows the picture `
        + "large, n and p go to the next and the previous question.");
  }

  steps() {
    const button = (text, act) => {
      const made = element("button", { type: "button" }, text);
      made.addEventListener("click", act);
      return made;
    };
    return element(
      "p", { class: "acts steps" },
      button("Previous question", () => this.step(-1)), button("Next question", () => this.step(1)),
      button("Take the last grade back", () => this.undo()));
  }

  makeDialog() {
    const dialog = element("dialog", { "aria-label": "The picture, large" });
    dialog.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => this.focus());
    return dialog;
  }

  tell(text) { this.state.textContent = text; }

  get screen() { return this.screens[this.at]; }

  open(at, index) {
    this.at = at;
    this.done = false;
    const pairs = this.screen;
    const question = this.questions.get(pairs[0].question);
    this.question.replaceChildren(...this.asked(question));
    this.cards = pairs.map((pair, place) => this.card(pair, place));
    this.grid.replaceChildren(...this.cards.map((card) => card.element));
    const open = pairs.findIndex((pair) => pair.grade === null);
    this.choose(index ?? Math.max(open, 0));
    this.progress();
    // The next pictures are there when they are wanted.
    for (const pair of this.screens[at + 1] ?? []) new Image().src = thumbnail(this.task.collection, pair.item, 320);
  }

  asked(question) {
    const parts = question.parts.map((part) => {
      const words = part.away ? "not like this" : "asked by this";
      return part.picture
        ? element("figure", {}, element("img", { src: part.picture, alt: `Picture of the question, ${words}` }),
          element("figcaption", { class: "soft" }, words))
        : element("p", { class: "asked-text" }, element("bdi", {}, part.text), part.away ? " (not like this)" : "");
    });
    return parts.length ? parts : [element("p", {}, `Question ${question.id}, of which nothing more is known`)];
  }

  card(pair, place) {
    const name = `answer ${place + 1}`;
    const picture = element("img", {
      src: thumbnail(this.task.collection, pair.item, 320), alt: name, width: "320", height: "320",
    });
    const large = element("button", { type: "button", class: "picture-button", "aria-label": `Show ${name} large` }, picture);
    large.addEventListener("click", () => {
      this.choose(place);
      this.enlarge();
    });
    const buttons = gradeButtons(this.words, name, (grade) => {
      this.choose(place);
      this.grade(grade);
    });
    const note = element("p", { class: "soft" }, pair.changed ? "You graded another picture here before." : "");
    const card = { element: element("li", { class: "card" }, large, buttons.row, note), buttons, note, large };
    buttons.show(pair.grade);
    return card;
  }

  choose(index) {
    this.index = index;
    this.cards.forEach((card, place) => card.element.classList.toggle("current", place === index));
    this.focus();
  }

  focus() {
    const card = this.cards?.[this.index];
    card?.large.focus({ preventScroll: true });
    card?.element.scrollIntoView({ block: "nearest" });
  }

  progress() {
    const graded = this.task.pairs.filter((pair) => pair.grade !== null).length;
    const screens = `page ${this.at + 1} of ${this.screens.length}`;
    this.tell(`${graded} of ${this.task.pairs.length} answers graded as “${this.task.judge}” · ${screens}`);
  }

  // MARK: What is done

  grade(grade) {
    const pair = this.screen[this.index];
    this.history.push({ at: this.at, index: this.index, before: pair.grade });
    this.give(pair, this.cards[this.index], grade);
    this.goOn();
  }

  /// Shows a grade, and sends it behind those that wait.
  give(pair, card, grade) {
    const before = pair.grade;
    pair.grade = grade;
    card.buttons.show(grade);
    this.progress();
    this.waiting += 1;
    this.sending = this.sending.then(async () => {
      try {
        await send("/v1/judging/grades", this.task.judge, pair, grade);
      } catch (error) {
        // What was given since then is on its way.
        if (pair.grade === grade) pair.grade = before;
        card.buttons.show(pair.grade);
        card.note.textContent = "This grade was not kept.";
        this.problem.hidden = false;
        this.problem.textContent = `A grade was not kept: ${error.message}.`;
        this.progress();
      } finally {
        this.waiting -= 1;
      }
    });
  }

  skip() {
    this.history.push({ at: this.at, index: this.index, skipped: true });
    if (this.index + 1 < this.screen.length) this.choose(this.index + 1);
    else this.step(1);
  }

  /// To the next answer without a grade on this screen, or else to the next screen with one.
  goOn() {
    const { screen, index } = this;
    const behind = screen.findIndex((pair, place) => place > index && pair.grade === null);
    if (behind >= 0) return this.choose(behind);
    const next = this.screens.findIndex((pairs, place) => place > this.at && pairs.some((pair) => pair.grade === null));
    if (next >= 0) return this.open(next);
    this.end();
  }

  end() {
    const left = this.task.pairs.filter((pair) => pair.grade === null).length;
    this.done = true;
    this.progress();
    this.question.replaceChildren(
      element("p", { class: "asked-text" }, left ? `That was the last question; ${left} answers are without a grade.` : "All answers are graded."),
      element("p", {}, element("a", { href: this.place.dataset.end }, "What was said")));
    this.grid.replaceChildren();
    this.cards = [];
    this.question.querySelector("a").focus();
  }

  step(by) {
    const next = this.at + by;
    if (next < 0) return;
    if (next >= this.screens.length) return this.end();
    this.open(next);
  }

  undo() {
    const last = this.history.pop();
    if (!last) return this.tell("There is no grade to take back.");
    this.open(last.at, last.index);
    if (!last.skipped) this.give(this.screen[last.index], this.cards[last.index], last.before);
  }

  enlarge() {
    const pair = this.screen[this.index];
    this.dialog.replaceChildren(
      element("img", { src: thumbnail(this.task.collection, pair.item, 1280), alt: `Answer ${this.index + 1}`, class: "whole" }),
      element("p", { class: "soft" }, element("bdi", {}, pair.item)));
    this.dialog.showModal();
  }

  move(across, down) {
    const count = this.cards.length;
    const top = this.cards[0].element.offsetTop;
    const columns = this.cards.findIndex((card) => card.element.offsetTop > top);
    const next = this.index + across + down * (columns < 0 ? count : columns);
    if (next >= 0 && next < count) this.choose(next);
  }

  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
    if (this.dialog.open) {
      // A grade may be given while the picture is large.
      if (!/^[0-3]$/.test(event.key)) return;
      this.dialog.close();
    }
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (event.key === "u") this.undo();
    else if (event.key === "p") this.step(this.done ? 0 : -1);
    else if (!this.cards?.length) return;
    else if (/^[0-3]$/.test(event.key)) this.grade(Number(event.key));
    else if (event.key === "s") this.skip();
    else if (event.key === "n") this.step(1);
    else if (moves[event.key]) this.move(...moves[event.key]);
    else return;
    event.preventDefault();
  }
}

/// Buttons beside what people disagree about, for the last word.
export function settleGrades(list) {
  if (!list) return;
  const words = { 3: "exactly what is asked for", 2: "mostly that", 1: "related", 0: "something else" };
  for (const card of list.children) {
    const state = card.querySelector("[role=status]");
    const pair = { question: card.dataset.question, item: card.dataset.item };
    const given = /settled: (\d)/.exec(state.textContent);
    let now = given ? Number(given[1]) : null;
    const buttons = gradeButtons(words, pair.item, async (grade) => {
      // Pressed again, a button takes its word back.
      const wanted = grade === now ? null : grade;
      try {
        await send("/v1/judging/settled", list.dataset.settle, pair, wanted);
        now = wanted;
        state.textContent = now === null ? "not settled" : `settled: ${now}`;
      } catch (error) {
        state.textContent = `This was not kept: ${error.message}.`;
      }
      buttons.show(now);
    });
    buttons.show(now);
    card.append(buttons.row);
  }
}
