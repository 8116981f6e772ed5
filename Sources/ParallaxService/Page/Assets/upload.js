// Pictures that are chosen, dropped or pasted: each is sent, and the page then asks by it.

// Systems that do not know a kind of picture give it no type: the server looks at the bytes.
const mayBePicture = (file) => file.type === "" || file.type.startsWith("image/");

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
    if (!mayBePicture(file)) return say("This is no picture.");
    say("");
    place.setAttribute("aria-busy", "true");
    try {
      const reply = await fetch("/v1/uploads", {
        method: "POST",
        headers: { "Content-Type": file.type || "application/octet-stream" },
        body: file,
      });
      const answer = await reply.json();
      if (!reply.ok) return say(answer.detail);
      // With what was typed and chosen, sent or not.
      const next = new URL("/", location.href);
      for (const [name, value] of new FormData(place.closest("form"))) {
        if (value !== "") next.searchParams.append(name, value);
      }
      next.searchParams.set("upload", answer.upload);
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
    const file = [...(event.clipboardData?.files ?? [])].find(mayBePicture);
    if (!file) return;
    event.preventDefault();
    send(file);
  });
}
