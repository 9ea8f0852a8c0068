// Files of a message go up as soon as they are chosen or dropped, one after another; the server
// answers with the row to show. Without this script the same file input sends them with the form.
document.querySelectorAll("[data-uploads]").forEach((box) => {
  const form = box.closest("form");
  const input = box.querySelector("[type=file]");
  const zone = box.querySelector("[data-dropzone]");
  const list = box.querySelector("[data-upload-list]");
  const template = box.querySelector("[data-upload-row]");
  const jobs = new Map(); // row on its way → what stops it
  let queue = Promise.resolve();
  let held = null; // the button pressed while files were on their way

  const token = () => ({ "X-CSRFToken": form.elements.csrfmiddlewaretoken.value });
  const add = (files) => [...files].forEach((file) => addRow(file));
  input.addEventListener("change", () => { add(input.files); input.value = ""; });
  for (const type of ["dragenter", "dragover", "dragleave", "drop"]) {
    zone.addEventListener(type, (event) => {
      event.preventDefault();
      zone.classList.toggle("is-over", ["dragenter", "dragover"].includes(type));
      if (type === "drop") add(event.dataTransfer.files);
    });
  }

  function addRow(file) {
    const row = template.content.firstElementChild.cloneNode(true);
    row.querySelector(".upload-name").textContent = file.name;
    row.querySelector("[data-cancel]").addEventListener("click", () => { jobs.get(row)?.(); finish(row); row.remove(); });
    row.querySelector("[data-again]").addEventListener("click", () => start(row, file));
    list.append(row);
    if (file.size > Number(box.dataset.largest)) fail(row, box.dataset.tooLarge, false);
    else start(row, file);
  }

  function start(row, file) {
    jobs.set(row, null);
    row.querySelector(".upload-error").hidden = true;
    queue = queue.then(() => jobs.has(row) && new Promise((done) => send(row, file, done)));
  }

  function send(row, file, done) {
    const request = new XMLHttpRequest();
    jobs.set(row, () => request.abort());
    request.open("POST", box.dataset.uploads);
    request.setRequestHeader("X-CSRFToken", token()["X-CSRFToken"]);
    request.upload.onprogress = (event) => { row.querySelector("progress").value = (100 * event.loaded) / event.total; };
    request.onload = () => {
      const { status, responseText } = request;
      if (status === 201) row.outerHTML = responseText;
      else fail(row, [422, 429].includes(status) ? responseText : box.dataset.failed, status !== 422);
    };
    request.onerror = () => fail(row, box.dataset.failed, true);
    request.onloadend = () => { finish(row); done(); };
    const body = new FormData();
    body.append("file", file);
    request.send(body);
  }

  function fail(row, words, again) {
    held = null; // the message waits for the person to decide about this file
    row.querySelector(".upload-error").hidden = false;
    row.querySelector(".upload-error span").textContent = words;
    row.querySelector("[data-again]").hidden = !again;
  }

  const finish = (row) => { if (jobs.delete(row) && held && !jobs.size) form.requestSubmit(held); };

  list.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-take-back]");
    if (!button) return;
    event.preventDefault();
    const answer = await fetch(button.dataset.takeBack, { method: "POST", headers: token() }).catch(() => null);
    if (answer?.ok) button.closest(".upload").remove();
  });

  form.addEventListener("submit", (event) => {
    held = jobs.size ? event.submitter : null;
    if (jobs.size) event.preventDefault(); // sent by finish(), once the last file is there
  }, true);
});
