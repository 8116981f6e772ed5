// Pictures that are chosen, dropped or pasted: each is sent, and the page then asks by it.

export function takePictures(place) {
  if (!place) return;
  place.hidden = false;
  const problem = place.querySelector("[role=alert]");
  const choice = place.querySelector("input[type=file]");

  const say = (text) => {
    problem.textContent = text;
    problem.hidden = !text;
  };

  const send = async (file) => {
    if (!file) return;
    if (!file.type.startsWith("image/")) return say("This is no picture.");
    say("");
    place.setAttribute("aria-busy", "true");
    try {
      const reply = await fetch("/v1/uploads", {
        method: "POST",
        headers: { "Content-Type": file.type },
        body: file,
      });
      const answer = await reply.json();
      if (!reply.ok) return say(answer.detail);
      const next = new URL(location.pathname === "/" ? location.href : "/", location.href);
      next.searchParams.set("upload", answer.upload);
      next.searchParams.delete("offset");
      location.assign(next);
    } catch {
      say("The server does not answer.");
    } finally {
      place.removeAttribute("aria-busy");
      choice.value = "";
    }
  };

  choice.addEventListener("change", () => send(choice.files[0]));
  addEventListener("dragover", (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    document.body.classList.add("dropping");
  });
  addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) document.body.classList.remove("dropping");
  });
  addEventListener("drop", (event) => {
    document.body.classList.remove("dropping");
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    send(event.dataTransfer.files[0]);
  });
  addEventListener("paste", (event) => {
    const file = [...(event.clipboardData?.files ?? [])].find((one) => one.type.startsWith("image/"));
    if (!file) return;
    event.preventDefault();
    send(file);
  });
}
