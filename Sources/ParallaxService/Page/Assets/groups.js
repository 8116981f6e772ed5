// Groups of near-duplicates by keyboard: one answer after the other without loading the page anew. Without this,
// the forms do the same.

export function judgeGroups(list) {
  if (!list) return;
  const cards = [...list.querySelectorAll(".other")];
  const progress = document.getElementById("group-progress");
  const keys = document.getElementById("group-keys");
  const link = (card) => card.querySelector("a");
  const isOpen = (card) => !card.dataset.verdict;
  let isBusy = false;
  keys.hidden = false;

  const problem = document.createElement("p");
  problem.className = "problem";
  problem.setAttribute("role", "alert");
  problem.hidden = true;
  keys.before(problem);
  const say = (text) => {
    problem.textContent = text;
    problem.hidden = !text;
  };

  const current = () => {
    const focused = document.activeElement?.closest?.(".other");
    return focused ?? cards.find(isOpen) ?? cards[0];
  };

  /// Asks the server, one request at a time; `undefined` where it refused, which is said.
  const ask = async (address, options) => {
    if (isBusy) return undefined;
    isBusy = true;
    say("");
    try {
      const reply = await fetch(address, options);
      const answer = await reply.json();
      if (reply.ok) return answer;
      say(answer.detail);
    } catch {
      say("The server does not answer. This answer was not kept.");
    } finally {
      isBusy = false;
    }
    return undefined;
  };

  const show = (answer) => {
    const count = String(answer.judged).replace(/\B(?=(\d{3})+$)/g, " ");
    progress.textContent = progress.textContent.replace(/^[\d\s]*\d/, count);
  };

  const goOn = (card) => {
    const place = cards.indexOf(card);
    const next = [...cards.slice(place + 1), ...cards.slice(0, place)].find(isOpen);
    if (next) link(next).focus();
    else location.assign(list.dataset.next);
  };

  const answer = async (card, verdict) => {
    const kept = await ask("/v1/groups/verdicts", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({
        group: Number(list.dataset.group), items: [card.dataset.item], verdict, judge: list.dataset.judge,
      }),
    });
    if (!kept) return;
    card.dataset.verdict = verdict;
    card.querySelector(".verdict").textContent = `${verdict} · ${list.dataset.judge}`;
    show(kept);
    goOn(card);
  };

  const takeBack = async () => {
    const back = await ask(`/v1/groups/verdicts?judge=${encodeURIComponent(list.dataset.judge)}`, {
      method: "DELETE",
    });
    if (!back) return;
    const address = new URL(list.dataset.here, location.href);
    address.searchParams.set("group", back.group);
    address.searchParams.set("said", "back");
    location.assign(address);
  };

  const large = document.createElement("dialog");
  large.className = "large";
  large.setAttribute("aria-label", "Two pictures, large");
  large.addEventListener("click", () => large.close());
  document.body.append(large);
  const enlarge = (card) => {
    const pictures = [document.querySelector(".stays img"), card.querySelector("img")].map((small) => {
      const picture = document.createElement("img");
      picture.src = small.src.replace("side=640", "side=1280");
      picture.alt = small.alt;
      return picture;
    });
    large.replaceChildren(...pictures);
    large.showModal();
  };

  list.addEventListener("click", (event) => {
    const card = event.target.closest("a")?.closest(".other");
    if (!card || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    enlarge(card);
  });

  list.addEventListener("submit", (event) => {
    const card = event.target.closest(".other");
    if (!card) return;
    event.preventDefault();
    answer(card, event.submitter.value);
  });

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || large.open) return;
    if (event.target.closest("input, select, textarea")) return;
    const card = current();
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step) {
      const at = document.activeElement?.closest?.(".other") ? cards.indexOf(card) + step : 0;
      link(cards[Math.min(Math.max(at, 0), cards.length - 1)]).focus();
    } else if (event.key === "y") answer(card, "duplicate");
    else if (event.key === "n") answer(card, "distinct");
    else if (event.key === "u") takeBack();
    else if (event.key === "s") {
      const next = cards[cards.indexOf(card) + 1];
      if (next) link(next).focus();
      else location.assign(list.dataset.next);
    } else return;
    event.preventDefault();
  });

  link(cards.find(isOpen) ?? cards[0])?.focus({ preventScroll: true });
}
