// The search page: Pagefind's index, read where the book is served. Opened from a file no page may read it.
(function () {
  "use strict";

  const STEP = 10;
  const box = document.querySelector(".cb-search");
  const field = document.getElementById("cb-query");
  const filters = box.querySelector(".cb-search-filters");
  const said = box.querySelector(".cb-search-said");
  const found = box.querySelector(".cb-search-found");
  const more = box.querySelector(".cb-search-more");
  const without = box.querySelector(".cb-search-without");
  const board = box.querySelector(".cb-search-board");
  const asked = new URLSearchParams(location.search);
  let engine = null;
  let results = [];
  let shown = 0;
  let turn = 0; // answers that come after a newer question are dropped

  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name]);

  function selects() { return [...filters.querySelectorAll("select")]; }

  function chosen() {
    const told = {};
    selects().forEach((select) => { if (select.value) { told[select.name] = select.value; } });
    return told;
  }

  function remember() {
    const state = new URLSearchParams();
    if (field.value) { state.set("q", field.value); }
    Object.entries(chosen()).forEach(([name, value]) => state.set(name, value));
    const text = state.toString();
    try { history.replaceState(null, "", location.pathname + (text ? "?" + text : "")); } catch (refused) { /* a file */ }
  }

  // An excerpt holds <mark> and nothing else that counts: it is put together from text, never read as HTML.
  function excerpt(target, text) {
    text.split(/(<mark>.*?<\/mark>)/s).forEach(function (part) {
      const marked = /^<mark>(.*)<\/mark>$/s.exec(part);
      // The letter before it keeps the blank that a page would lose at its beginning.
      const plain = new DOMParser().parseFromString("x" + (marked ? marked[1] : part), "text/html").body.textContent.slice(1);
      if (marked) { target.appendChild(document.createElement("mark")).textContent = plain; } else { target.append(plain); }
    });
  }

  function entry(data) {
    const item = document.createElement("li");
    const link = item.appendChild(document.createElement("a"));
    // The index tells names of files; this page stands in the root of the site.
    link.href = data.raw_url.replace(/^\/+/, "").split("/").map(encodeURIComponent).join("/");
    link.textContent = data.meta.title;
    const text = item.appendChild(document.createElement("p"));
    excerpt(text, data.excerpt);
    return item;
  }

  async function show(mine) {
    const next = results.slice(shown, shown + STEP);
    const read = await Promise.all(next.map((result) => result.data()));
    if (mine !== turn) { return; }
    read.forEach((data) => found.appendChild(entry(data)));
    shown += next.length;
    more.hidden = shown >= results.length;
  }

  async function ask() {
    const mine = ++turn;
    const query = field.value.trim();
    remember();
    const wanted = chosen();
    if (!query && !Object.keys(wanted).length) {
      found.replaceChildren();
      said.textContent = "";
      more.hidden = true;
      return;
    }
    const answer = await engine.search(query || null, { filters: wanted });
    if (mine !== turn) { return; }
    results = answer.results;
    shown = 0;
    found.replaceChildren();
    const count = results.length;
    const form = count === 0 ? box.dataset.none : count === 1 ? box.dataset.one : box.dataset.many;
    said.textContent = fill(form, { query: query || "\u2026", count: count });
    await show(mine);
  }

  function offer(known) {
    const order = box.dataset.order.split("|");
    const names = Object.keys(known).sort((one, other) => order.indexOf(one) - order.indexOf(other));
    names.forEach(function (name) {
      const values = known[name];
      const label = document.createElement("label");
      const select = document.createElement("select");
      label.append(document.createElement("span"), select);
      label.firstChild.textContent = name;
      select.name = name;
      select.append(new Option(box.dataset.any, ""));
      Object.keys(values).sort().forEach((value) => select.append(new Option(value + " (" + values[value] + ")", value)));
      if (asked.has(name) && Object.hasOwn(values, asked.get(name))) { select.value = asked.get(name); }
      select.addEventListener("change", ask);
      filters.appendChild(label);
    });
  }

  function leadToBoard() {
    const query = field.value.trim();
    board.href = "index.html" + (query ? "?q=" + encodeURIComponent(query) : "") + "#board";
  }

  async function start() {
    field.value = (asked.get("q") || "").slice(0, field.maxLength);
    field.disabled = false;
    field.addEventListener("input", leadToBoard);
    leadToBoard();
    box.querySelector(".cb-search-why").hidden = true;
    if (location.protocol === "file:") {
      box.querySelector(".cb-search-file").hidden = false;
      return;
    }
    without.hidden = true;
    try {
      engine = await import(new URL(box.dataset.index, location.href));
      await engine.init();
      offer(await engine.filters());
    } catch (fault) {
      console.error(fault);
      box.querySelector(".cb-search-why").hidden = false;
      without.hidden = false;
      return;
    }
    let waiting = 0;
    field.addEventListener("input", function () {
      clearTimeout(waiting);
      waiting = setTimeout(ask, 150);
    });
    more.addEventListener("click", async function () {
      const first = shown;
      await show(turn);
      const item = found.children[first];
      if (item) { item.querySelector("a").focus(); }
    });
    field.focus();
    await ask();
  }

  start();
})();
