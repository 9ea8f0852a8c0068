"""Files dragged onto a page."""

import base64

DROP = """([zone, files]) => {
  const transfer = new DataTransfer();
  for (const [name, content] of files) {
    const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
    transfer.items.add(new File([bytes], name));
  }
  for (const type of ["dragenter", "dragover", "drop"]) {
    const event = new DragEvent(type, {dataTransfer: transfer, bubbles: true, cancelable: true});
    document.querySelector(zone).dispatchEvent(event);
  }
}"""


def drop_files(page, paths, zone=".dropzone"):
    """Drags the files onto the page and lets them go."""
    files = [[path.name, base64.b64encode(path.read_bytes()).decode()] for path in paths]
    page.evaluate(DROP, [zone, files])
