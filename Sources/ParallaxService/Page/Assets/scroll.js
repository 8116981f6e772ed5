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
    try {
      const reply = await fetch(link.href);
      if (!reply.ok) return;
      const page = new DOMParser().parseFromString(await reply.text(), "text/html");
      grid.append(...(page.querySelector("[data-grid]")?.children ?? []));
      more.replaceChildren(...(page.querySelector("[data-more]")?.children ?? []));
    } finally {
      isLoading = false;
      // A tall window may see the end still.
      watcher.unobserve(more);
      watcher.observe(more);
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
