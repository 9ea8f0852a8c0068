// <time data-countdown>: minutes and seconds left, in data-sentence in place of "[time]" if there is
// one. data-seconds (by the server's clock) is trusted before datetime, because many clocks on desks
// are wrong.
const ANNOUNCED = [600, 300, 60]; // seconds left that a screen reader is told of

for (const element of document.querySelectorAll("[data-countdown]")) {
  const seconds = Number(element.dataset.seconds);
  const end = element.dataset.seconds ? Date.now() + seconds * 1000 : Date.parse(element.dateTime);
  if (!Number.isNaN(end)) run(element, end);
}

function run(element, end) {
  const voice = document.createElement("span");
  voice.className = "visually-hidden";
  voice.setAttribute("role", "status");
  element.after(voice);
  element.setAttribute("role", "timer");
  let before = Infinity;

  const tick = () => {
    const left = Math.max(0, Math.round((end - Date.now()) / 1000));
    if (left === before) return;
    element.textContent = words(element, left);
    if (ANNOUNCED.some((mark) => left <= mark && before > mark && before !== Infinity)) voice.textContent = clock(left);
    before = left;
    if (left === 0) finish(element, voice, timer);
  };
  const timer = setInterval(tick, 500);
  tick();
}

function finish(element, voice, timer) {
  clearInterval(timer);
  element.closest("[data-countdown-scope]")?.setAttribute("data-over", "");
  if (!element.dataset.ended) return;
  // The last sentence takes the place of "valid for 00:00 more".
  const line = element.closest("p") ?? element;
  voice.className = "";
  voice.textContent = element.dataset.ended;
  line.replaceChildren(voice);
}

function words(element, seconds) {
  return (element.dataset.sentence ?? "[time]").replace("[time]", clock(seconds));
}

function clock(seconds) {
  const pad = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const rest = `${pad(Math.floor((seconds % 3600) / 60))}:${pad(seconds % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}
