// The next pictures, when one scrolls near the end of those that are there: the page behind "Show more" is
// read, and its pictures join these.

export function loadAsOneScrolls() {
  const grid = document.querySelector("[data-grid]");
  const more = document.querySelector("[data-more]");
  if (!grid || !more || document.querySelectorAll("[data-grid]").length > 1) return;
  let isLoading = false;

  const load = async () => {
    const link = more.querySelector("a");
    if (!link || isLoading) return;
    isLoading = true;
    watcher.unobserve(more);
    more.querySelector("[role=alert]")?.remove();
    try {
      const reply = await fetch(link.href);
      if (!reply.ok) throw new Error(`status ${reply.status}`);
      const page = new DOMParser().parseFromString(await reply.text(), "text/html");
      const said = [...document.querySelectorAll("#results > .note")].map((one) => one.textContent);
      for (const note of page.querySelectorAll("#results > .note")) {
        if (!said.includes(note.textContent)) grid.before(note);
      }
      grid.append(...(page.querySelector("[data-grid]")?.children ?? []));
      more.replaceChildren(...(page.querySelector("[data-more]")?.children ?? []));
      // A tall window may see the end still.
      watcher.observe(more);
    } catch {
      // No further try by itself: a click on the link makes one.
      const note = document.createElement("span");
      note.setAttribute("role", "alert");
      note.textContent = " More could not be loaded.";
      more.append(note);
    } finally {
      isLoading = false;
    }
  };

  const watcher = new IntersectionObserver(
    (entries) => entries.some((entry) => entry.isIntersecting) && load(),
    { rootMargin: "600px" },
  );
  watcher.observe(more);
  more.addEventListener("click", (event) => {
    if (!event.target.closest("a") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    load();
  });
}
