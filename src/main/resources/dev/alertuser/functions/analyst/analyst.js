/* The page, after its parts. */
function submit(event) {
  event.preventDefault();
  const { ids } = showReading();
  if (!ids.length || ids.length > MOST_ALERTS) {
    at("alerts").setAttribute("aria-invalid", "true");
    at("alerts").focus();
    announce(ids.length ? at("reading").textContent : "There is no alert id to ask for.");
    return;
  }
  ask(ids);
  at("headline").focus();
}

at("ask").addEventListener("submit", submit);
at("alerts").addEventListener("input", showReading);
at("alerts").addEventListener("keydown", event => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) at("ask").requestSubmit();
});
at("stop").addEventListener("click", stop);
at("again").addEventListener("click", askAgain);
at("utc").addEventListener("change", () => document.querySelectorAll("time").forEach(showTime));
addEventListener("online", () => {
  if (question?.trouble) visit(question);
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && question) schedule(question);
  tick();
});
setInterval(tick, 1000);

at("whose").textContent = AS_ANALYST ? "Asks with your own rights" : "Asks with the app's rights";
if (AS_ANALYST && !KEY) at("other-page").parentElement.hidden = true;
const restored = restoredIds();
at("alerts").value = restored.join("\n");
showReading();
if (restored.length) ask(restored);
