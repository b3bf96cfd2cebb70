// The list of all editions: typing a name leaves the countries that fit. Without scripts the whole list stands there.
(function () {
  "use strict";

  const input = document.getElementById("cb-country");
  if (!input) {
    return;
  }
  const count = document.querySelector(".cb-editions-count");
  const entries = Array.from(document.querySelectorAll(".cb-editions > li"));

  function plain(text) {
    return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  }

  function show() {
    const wanted = plain(input.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const entry of entries) {
      const fits = wanted.every((word) => plain(entry.dataset.name).includes(word));
      entry.hidden = !fits;
      shown += fits ? 1 : 0;
    }
    const form = shown === 1 ? count.dataset.one : count.dataset.many;
    count.textContent = form.replace("{count}", String(shown));
  }

  input.disabled = false;
  input.addEventListener("input", show);
  show();
})();
