// Files of a message go up as soon as they are chosen, dropped or pasted, a few at once; the server answers with the
// row to show. Without this script the same file input sends them with the form. From dropping.js they come as an
// event "files". What happens is said once, in one sentence; the bars are for those who see them.
const AT_ONCE = 3;

for (const box of document.querySelectorAll("[data-uploads]")) {
  const words = box.dataset;
  const form = box.closest("form");
  const input = box.querySelector("[type=file]");
  const list = box.querySelector("[data-upload-list]");
  const template = box.querySelector("[data-upload-row]");
  // Files that have not arrived, as they were chosen: "waiting", "going", "lost" (may be tried again) or "refused".
  const jobs = new Set();
  let held = null; // who pressed the button while files were on their way

  const are = (...states) => [...jobs].filter((job) => states.includes(job.state));
  const token = () => form.elements.csrfmiddlewaretoken.value;
  const say = (text) => { box.querySelector("[data-upload-said]").textContent = text; };
  const changed = () => list.dispatchEvent(new Event("change", { bubbles: true })); // the draft has other files now

  input.addEventListener("change", () => { add(input.files); input.value = ""; });
  box.addEventListener("files", (event) => add(event.detail));
  addEventListener("offline", proceed);
  addEventListener("online", () => {
    for (const job of are("lost")) put(job, "waiting");
    proceed();
  });

  function add(files) {
    say(words.started);
    for (const file of files) addJob(file);
    proceed();
  }

  function addJob(file) {
    const row = template.content.firstElementChild.cloneNode(true);
    const job = { file, row };
    const cancel = row.querySelector("[data-cancel]");
    row.querySelector(".upload-name").textContent = file.name;
    cancel.setAttribute("aria-label", words.remove.replace("[name]", file.name));
    cancel.addEventListener("click", () => giveUp(job));
    row.querySelector("[data-again]").addEventListener("click", () => { put(job, "waiting"); cancel.focus(); proceed(); });
    list.append(row);
    jobs.add(job);
    if (file.size > Number(words.largest)) fail(job, "refused", words.tooLarge);
    else if (list.children.length > Number(words.most)) fail(job, "refused", words.tooMany);
    else put(job, "waiting");
  }

  function put(job, state, text = "") {
    job.state = state;
    job.row.querySelector(".upload-error").hidden = !text;
    job.row.querySelector(".upload-error span").textContent = text;
    job.row.querySelector("[data-again]").hidden = state !== "lost";
    job.row.querySelector("progress").hidden = Boolean(text);
  }

  function fail(job, state, text) {
    put(job, state, text);
    say(held ? words.unsent : words.trouble);
    held = null; // the message waits until the person has decided about it
  }

  function proceed() {
    const waiting = are("waiting");
    if (navigator.onLine) waiting.slice(0, AT_ONCE - are("going").length).forEach(send);
    else if (waiting.length) {
      for (const job of waiting) put(job, "waiting", words.offline);
      say(words.offline);
    }
  }

  function send(job) {
    const request = new XMLHttpRequest(); // fetch tells nothing of its progress
    const body = new FormData();
    body.append("file", job.file);
    job.request = request;
    put(job, "going");
    request.open("POST", words.uploads);
    request.setRequestHeader("X-CSRFToken", token());
    request.upload.onprogress = (event) => { job.row.querySelector("progress").value = (100 * event.loaded) / event.total; };
    request.onload = () => (request.status === 201 ? arrive(job) : refuse(job));
    request.onerror = () => (navigator.onLine ? fail(job, "lost", words.failed) : put(job, "waiting"));
    request.onloadend = proceed;
    request.send(body);
  }

  function refuse(job) {
    const { status, responseText } = job.request;
    fail(job, status === 422 ? "refused" : "lost", [422, 429].includes(status) ? responseText : words.failed);
  }

  function arrive(job) {
    const place = [...list.children].indexOf(job.row);
    const hadFocus = job.row.contains(document.activeElement);
    job.row.outerHTML = job.request.responseText;
    if (hadFocus) list.children[place].querySelector("button").focus();
    jobs.delete(job);
    changed();
    if (!jobs.size && !held) say(words.arrived);
    sendHeld();
  }

  function giveUp(job) {
    jobs.delete(job);
    job.request?.abort();
    takeAway(job.row);
    proceed();
    sendHeld();
  }

  function takeAway(row) {
    const next = row.nextElementSibling ?? row.previousElementSibling;
    const hadFocus = row.contains(document.activeElement);
    say(words.removed.replace("[name]", row.querySelector(".upload-name").textContent));
    row.remove();
    if (hadFocus) (next?.querySelector("button") ?? input).focus();
    changed();
  }

  list.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-take-back]");
    if (!button) return;
    event.preventDefault();
    const request = { method: "POST", headers: { "X-CSRFToken": token() } };
    const answer = await fetch(button.dataset.takeBack, request).catch(() => null);
    if (answer?.ok) takeAway(button.closest(".upload"));
    else say(words.stays);
  });

  form.addEventListener("submit", (event) => {
    if (event.submitter?.hasAttribute("data-draft-remove") || !jobs.size) return;
    event.preventDefault();
    const [failed] = are("lost", "refused");
    held = failed ? null : { by: event.submitter };
    say(held ? words.held : words.unsent);
    failed?.row.querySelector("button:not([hidden])").focus();
  }, true);

  // The message goes off once nothing of it is on its way any more.
  function sendHeld() {
    if (!held || jobs.size) return;
    const { by } = held;
    held = null;
    form.requestSubmit(by);
  }
}
