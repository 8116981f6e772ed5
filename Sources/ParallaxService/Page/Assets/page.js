// What the page does beyond links and forms, which work without it.
import { judgeGroups } from "./groups.js";
import { gradeAnswers, settleGrades } from "./judge.js";
import { showMap } from "./map.js";
import { loadAsOneScrolls } from "./scroll.js";
import { takePictures } from "./upload.js";

takePictures(document.getElementById("picture"));
loadAsOneScrolls();
gradeAnswers(document.getElementById("grading"));
settleGrades(document.querySelector("[data-settle]"));
showMap(document.getElementById("map"));
judgeGroups(document.getElementById("group"));

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = "Copy"), 2000);
  });
}

// An address without what was left empty.
document.getElementById("ask")?.addEventListener("submit", (event) => {
  for (const field of event.target.elements) {
    if (field.name && field.value === "") field.disabled = true;
  }
});
// Back from the next page, the fields are there again.
addEventListener("pageshow", () => {
  for (const field of document.getElementById("ask")?.elements ?? []) field.disabled = false;
});

// A slash goes to the words.
addEventListener("keydown", (event) => {
  const isTyping = event.target.closest("input, select, textarea");
  if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  const words = document.getElementById("text");
  if (!words) return;
  event.preventDefault();
  words.focus();
});
