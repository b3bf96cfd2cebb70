// The scoreboard: readers search, filter and sort its statements, and the address keeps what they chose.
// All words stand in the page, so that the same script serves every language; what comes from the address is
// only compared with what the page offers, or shown as the text of the search field.
(function () {
  "use strict";

  const TYPING = 150; // ms without a key before a search is done: screen readers and browsers dislike a flood

  // Letters without their accents, in lower case; the apostrophe that word processors put is one like another.
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").replace(/[\u2018\u2019]/g, "'")
    .toLowerCase().replace(/\s+/g, " ").trim();
  const fill = (text, known) => text.replace(/\{(\w+)\}/g, (place, name) => known[name] ?? place);

  function start(board) {
    const table = board.querySelector("table.cb-scoreboard");
    const form = board.querySelector("form.cb-board-controls");
    const collator = new Intl.Collator(document.documentElement.lang || "en");
    const narrow = window.matchMedia("(width <= 600px)");
    const bodies = [...table.tBodies];
    const together = document.createElement("tbody"); // holds all rows where they stand in another order
    const orders = {}; // by name of a column: how two rows compare, and whether it puts the greatest first
    const facets = []; // what can be chosen: its controls, and which of its values a row has
    let order = ""; // name of the order, with "-" before it where it is turned; "" as in the documents
    let waiting = 0;

    const rows = bodies.flatMap(function (body) {
      const head = body.querySelector("tr.cb-group");
      return [...body.rows].filter((row) => row !== head).map(function (row) {
        const title = row.querySelector("th a").textContent;
        const verdict = (at) => row.cells[at].querySelector(".cb-verdict")?.dataset.verdict || "";
        return {
          row, body, title,
          group: head ? head.textContent.trim() : "",
          document: [body.dataset.document || ""],
          theme: [row.dataset.theme],
          year: row.dataset.years ? row.dataset.years.split(" ") : ["none"],
          written: [verdict(1)], revised: [verdict(2)], today: [verdict(3)],
          share: parseFloat(row.cells[4].dataset.share),
        };
      });
    });

    // Orders

    const ranked = (name, order) => (entry) => {
      const rank = order.indexOf(entry[name][0]);
      return rank < 0 ? NaN : rank;
    };

    // Rows by a number; those without one come last whichever way the others stand.
    function byNumber(number, turned) {
      return function (one, other) {
        const [a, b] = [number(one), number(other)];
        if (isNaN(a) || isNaN(b)) { return isNaN(a) - isNaN(b); }
        return turned ? b - a : a - b;
      };
    }

    orders.title = { falls: false, compare: (turned) => (one, other) =>
      collator.compare(one.title, other.title) * (turned ? -1 : 1) };
    orders.readings = { falls: true, compare: (turned) => byNumber((entry) => entry.share, !turned) };
    orders.year = { falls: true, compare: (turned) =>
      byNumber((entry) => Math.max(...entry.year.map(Number)), !turned) };
    table.querySelectorAll("thead th[data-order]").forEach(function (head) {
      const number = ranked(head.dataset.sort, head.dataset.order.split(" "));
      orders[head.dataset.sort] = { falls: false, compare: (turned) => byNumber(number, turned) };
    });
    const known = (name) => Object.hasOwn(orders, name.replace(/^-/, ""));

    function arrange() {
      const name = order.replace(/^-/, "");
      const turned = order.startsWith("-");
      if (name) {
        const sorted = [...rows].sort(orders[name].compare(turned));
        together.replaceChildren(...sorted.map((entry) => entry.row));
        table.append(together);
      } else {
        rows.forEach((entry) => entry.body.append(entry.row));
        together.remove();
      }
      table.querySelectorAll("thead th[data-sort]").forEach(function (head) {
        if (head.dataset.sort !== name) {
          head.removeAttribute("aria-sort");
        } else {
          head.setAttribute("aria-sort", orders[name].falls === turned ? "ascending" : "descending");
        }
      });
    }

    // A heading sorts, sorts the other way, and puts back the order of the documents.
    function press(name) {
      order = order === name ? `-${name}` : order === `-${name}` ? "" : name;
      if (form) { form.elements.sort.value = order.replace(/^-/, ""); }
      arrange();
      show();
      remember();
    }

    table.querySelectorAll("thead th[data-sort]").forEach(function (head) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      button.addEventListener("click", () => press(head.dataset.sort));
      head.replaceChildren(button);
    });

    // Rows that leave their document's group name it themselves.
    rows.filter((entry) => entry.group).forEach(function (entry) {
      const note = document.createElement("span");
      note.className = "cb-note cb-board-of";
      note.textContent = entry.group;
      entry.row.querySelector("th").append(note);
    });

    // What is chosen

    const chosen = (facet) => facet.controls.flatMap((control) =>
      control.type === "checkbox" ? (control.checked ? [control.value] : []) : control.value ? [control.value] : []);
    const words = () => (form ? fold(form.elements.q.value).split(" ").filter(Boolean) : []);
    const has = (entry, values, name) => !values.length || values.some((value) => entry[name].includes(value));

    function show() {
      const asked = words();
      const choice = Object.fromEntries(facets.map((facet) => [facet.name, chosen(facet)]));
      const found = rows.filter((entry) => asked.every((word) => entry.text.includes(word)));
      const shown = new Set(found.filter((entry) => facets.every(({ name }) => has(entry, choice[name], name))));
      rows.forEach((entry) => { entry.row.hidden = !shown.has(entry); });
      bodies.forEach(function (body) {
        body.hidden = Boolean(order) || ![...body.rows].some((row) => row.id && !row.hidden);
      });
      if (!form) { return; }
      facets.forEach(function (facet) {
        const others = facets.filter((other) => other !== facet);
        const left = found.filter((entry) => others.every(({ name }) => has(entry, choice[name], name)));
        facet.count((value) => left.filter((entry) => entry[facet.name].includes(value)).length);
      });
      const filters = facets.filter(({ name }) => choice[name].length).length;
      const count = board.querySelector(".cb-board-count");
      const told = fill(count.dataset.told, { shown: shown.size, all: rows.length });
      if (count.textContent !== told) { count.textContent = told; }
      board.querySelector(".cb-board-chosen").textContent = filters ? ` (${filters})` : "";
      board.querySelector(".cb-board-said").textContent = "";
      board.querySelector(".cb-board-none").hidden = shown.size > 0;
      board.querySelector(".cb-scroll").hidden = shown.size === 0;
      form.classList.toggle("cb-chosen", asked.length + filters > 0);
    }

    // The address

    function state() {
      const told = new URLSearchParams(window.location.search);
      const own = ["q", "sort", ...facets.map((facet) => facet.name)];
      own.forEach((name) => told.delete(name));
      if (form && form.elements.q.value.trim()) { told.set("q", form.elements.q.value.trim()); }
      facets.forEach((facet) => chosen(facet).forEach((value) => told.append(facet.name, value)));
      if (order) { told.set("sort", order); }
      return told.toString();
    }

    // `anchor`: what the address names on the page, if it is to name it still.
    function remember(anchor = "") {
      const query = state();
      try {
        window.history.replaceState(null, "", window.location.pathname + (query ? `?${query}` : "") + anchor);
      } catch { /* where the browser does not let pages do so, the selection is not kept */ }
    }

    function recall(search) {
      const told = new URLSearchParams(search);
      const sort = told.get("sort") || "";
      order = known(sort) ? sort : "";
      if (form) {
        form.elements.q.value = (told.get("q") || "").slice(0, form.elements.q.maxLength);
        form.elements.sort.value = order.replace(/^-/, "");
      }
      facets.forEach(function (facet) {
        const wanted = told.getAll(facet.name);
        facet.controls.forEach(function (control) {
          if (control.type === "checkbox") {
            control.checked = wanted.includes(control.value);
          } else {
            control.value = [...control.options].map((option) => option.value).find((value) =>
              value && wanted.includes(value)) || "";
          }
        });
      });
      arrange();
      show();
    }

    function clear() {
      form.elements.q.value = "";
      facets.forEach((facet) => facet.controls.forEach(function (control) {
        if (control.type === "checkbox") { control.checked = false; } else { control.value = ""; }
      }));
      show();
    }

    // The statement that the address names is shown, whatever the selection.
    function reveal(behavior = "auto") {
      let name = window.location.hash.slice(1);
      try { name = decodeURIComponent(name); } catch { /* then it is no name of ours */ }
      const target = name && document.getElementById(name);
      if (!target || !board.contains(target)) { return; }
      if (target.hidden && form) {
        clear();
        remember(window.location.hash);
      }
      target.scrollIntoView({ behavior });
    }

    // Controls

    function setUp() {
      const selects = [...form.querySelectorAll("select")].filter((select) => select.name !== "sort");
      selects.forEach(function (select) {
        const options = [...select.options].filter((option) => option.value);
        const texts = options.map((option) => option.textContent);
        facets.push({ name: select.name, controls: [select], count: (number) => options.forEach(function (option, at) {
          option.textContent = `${texts[at]} (${number(option.value)})`;
        }) });
      });
      form.querySelectorAll("fieldset").forEach(function (set) {
        const boxes = [...set.querySelectorAll("input")];
        facets.push({ name: boxes[0].name, controls: boxes, count: (number) => boxes.forEach(function (box) {
          const label = box.closest("label");
          label.lastElementChild.textContent = String(number(box.value));
          label.classList.toggle("cb-nothing", number(box.value) === 0);
        }) });
      });
      const theme = form.elements.theme;
      const themes = new Map(theme ? [...theme.options].map((option) => [option.value, option.textContent]) : []);
      rows.forEach(function (entry) {
        const place = entry.row.querySelector("th .cb-note:not(.cb-board-of)")?.textContent;
        const theme = themes.get(entry.theme[0]);
        entry.text = fold([entry.title, entry.group, place, theme, entry.row.dataset.find].filter(Boolean).join(" "));
      });

      form.addEventListener("submit", (event) => event.preventDefault());
      form.addEventListener("input", function (event) {
        const name = event.target.name;
        const follow = function () { show(); remember(); };
        window.clearTimeout(waiting);
        if (name === "sort") {
          order = event.target.value;
          arrange();
        }
        if (name === "q") { waiting = window.setTimeout(follow, TYPING); } else { follow(); }
      });
      board.addEventListener("click", function (event) {
        const button = event.target.closest("button[data-do]");
        if (button && button.dataset.do === "copy") { copy(button); }
        if (button && button.dataset.do === "clear") {
          clear();
          remember();
          if (!form.contains(button)) { form.elements.q.focus(); } // the button went with what it was about
        }
      });
      // Counts elsewhere on the page ask for the statements behind them; going back leads to where one was.
      document.addEventListener("click", function (event) {
        const link = event.target.closest("a[href$='#board']");
        const elsewhere = event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
        if (!link || elsewhere || !link.search || link.pathname !== window.location.pathname) { return; }
        try { window.history.pushState(null, "", link.href); } catch { return; }
        event.preventDefault();
        recall(link.search);
        board.focus({ preventScroll: true });
        board.scrollIntoView();
      });
      const copying = board.querySelector("[data-do=copy]");
      copying.hidden = !(navigator.clipboard && navigator.clipboard.writeText);
    }

    function copy(button) {
      const said = board.querySelector(".cb-board-said");
      const say = (text) => () => { said.textContent = text; };
      const link = `${window.location.href.replace(/#.*$/, "")}#board`;
      navigator.clipboard.writeText(link).then(say(button.dataset.done), say(button.dataset.failed));
    }

    // On a phone the filters are folded away, and the headings, which it does not show, cannot be tabbed to.
    function fit() {
      const more = form && form.querySelector("details");
      if (more && !more.contains(document.activeElement)) { more.open = !narrow.matches; }
      table.querySelectorAll("thead button").forEach((button) => { button.tabIndex = narrow.matches ? -1 : 0; });
    }

    if (form) { setUp(); } else { rows.forEach((entry) => { entry.text = ""; }); }
    fit();
    narrow.addEventListener("change", fit);
    window.addEventListener("popstate", function () {
      recall(window.location.search);
      reveal();
    });
    recall(window.location.search);
    if (form) { form.hidden = false; }
    reveal("instant"); // a page that is still being laid out would stop a smooth scroll half-way
  }

  const board = document.querySelector(".cb-board");
  if (board) { start(board); }
})();
