// How the verdicts on a statement went through the versions: three bars over the versions, and a table that tells the
// same. Drawn only where at least two versions have the statement.
claimbookLayer.parts.history = function (book) {
  "use strict";

  const [LABEL, BAR, GAP, AXIS] = [20, 26, 8, 26]; // px
  const LEAST = 200; // px of width below which nothing is drawn
  const KINDS = {
    yes: ["supported", "now supported", "true", "now true"],
    part: ["held for an earlier year", "supported under another reading"],
    no: ["not supported", "no longer supported", "not true", "no longer true", "record differs"],
    record: ["on record", "unchanged"],
  };
  const { element, drawn, history } = book;
  const article = document.querySelector("main article");
  if (!article || !history || !/^(?:(?:nl|fr)\/)?claims\//.test(book.page) || (history.claims || []).length !== 1) { return; }
  const [claim] = history.claims;
  const { steps } = claim;
  // Candidates pass; the one that is being read is shown.
  const held = book.list.filter((one) => !book.candidate(one.name) || one.name === book.name)
    .map((one) => ({ name: one.name, state: book.state(steps, one.name) }));
  const shown = held.slice(held.findIndex((one) => one.state));
  const count = shown.filter((one) => one.state).length;
  if (count < 2) { return; }

  // A record of a fact is not revised as figures are, so that row would say nothing.
  const idle = (time) => shown.every(({ state }) => !state || state[time][0] === "not testable" || !state[time][0]);
  const times = book.TIMES.filter((time) => time !== "as_revised" || !idle(time));
  const kind = (word) => Object.keys(KINDS).find((name) => KINDS[name].includes(word)) || "open";
  const same = (one, other) => Boolean(one) === Boolean(other) && (!one || times.every((time) => one[time].join("\n") === other[time].join("\n")));

  // Versions that follow each other with the same verdict: {word, from, to, ticks}, places of versions.
  function bars(time) {
    const found = [];
    shown.forEach(function ({ state }, at) {
      const last = found.at(-1);
      if (!state) { return; }
      const [word, figure] = state[time];
      if (last && last.to === at - 1 && last.word === word) {
        if (last.figure !== figure) { last.ticks.push(at); }
        Object.assign(last, { to: at, figure });
      } else {
        found.push({ word, figure, from: at, to: at, ticks: [] });
      }
    });
    return found;
  }

  function mark(word, x, y) {
    const [name, r] = [kind(word), 4.5];
    if (name === "record") { return drawn("rect", { class: "cb-history-fill", x: x - r, y: y - r, width: 2 * r, height: 2 * r }); }
    const parts = [drawn("circle", { cx: x, cy: y, r, class: name === "yes" ? "cb-history-fill" : "cb-history-line" })];
    if (name === "part") { parts.push(drawn("path", { class: "cb-history-fill", d: `M${x} ${y - r}a${r} ${r} 0 0 0 0 ${2 * r}z` })); }
    if (name === "no") { parts.push(drawn("path", { class: "cb-history-line", d: `M${x - 3} ${y + 3}l6 -6` })); }
    return drawn("g", {}, ...parts);
  }

  function draw(svg, width) {
    const step = width / shown.length;
    const middle = (at) => (at + 0.5) * step;
    const height = times.length * (LABEL + BAR + GAP);
    const here = shown.findIndex((one) => one.name === book.name);
    svg.replaceChildren();
    fit(svg, { viewBox: `0 0 ${width} ${height + AXIS}`, width, height: height + AXIS });
    if (here >= 0) { // behind the bars: no line goes through their words
      svg.append(drawn("rect", { class: "cb-history-here", x: here * step, y: 0, width: step, height: height + AXIS }),
        drawn("rect", { class: "cb-history-mark", x: here * step, y: height + AXIS - 3, width: step, height: 3 }));
    }
    times.forEach(function (time, row) {
      const top = row * (LABEL + BAR + GAP) + LABEL;
      svg.append(drawn("text", { class: "cb-history-row", x: 0, y: top - 5 }, book.say(time)));
      bars(time).forEach(function (bar) {
        const [left, wide] = [bar.from * step + 1, (bar.to - bar.from + 1) * step - 2];
        const group = drawn("g", { class: `cb-history-bar cb-history-${kind(bar.word)}` },
          drawn("rect", { class: "cb-history-ground", x: left, y: top, width: Math.max(wide, 1), height: BAR, rx: Math.min(4, wide / 2) }));
        bar.ticks.forEach((at) => group.append(drawn("path", { class: "cb-history-tick", d: `M${at * step} ${top + 1}v${BAR - 2}` })));
        svg.append(group);
        if (wide < 14) { return; }
        group.append(mark(bar.word, left + 11, top + BAR / 2));
        // The word stands where it has room, and no line of another figure goes through it.
        const word = drawn("text", { class: "cb-history-word", x: left + 20, y: top + BAR / 2 + 4 }, book.word(bar.word));
        group.append(word);
        const room = (bar.ticks.length ? bar.ticks[0] * step : left + wide) - left - 24;
        if (word.getComputedTextLength() > room) { word.remove(); }
      });
    });
    // Names of versions, as far as they have room: that of this page, the last, the first, then the others.
    const taken = [];
    [...new Set([here, shown.length - 1, 0, ...shown.keys()])].filter((at) => at >= 0).forEach(function (at) {
      const name = drawn("text", { class: at === here ? "cb-history-name cb-history-own" : "cb-history-name", y: height + 15, "text-anchor": "middle" }, shown[at].name);
      svg.append(name);
      const half = name.getComputedTextLength() / 2;
      const x = Math.min(Math.max(middle(at), half), width - half);
      if (taken.some(([from, to]) => x + half + 6 > from && x - half - 6 < to)) { name.remove(); return; }
      name.setAttribute("x", x);
      taken.push([x - half, x + half]);
    });
  }

  const fit = (made, attributes) => Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));

  function table() {
    const changed = shown.filter((one, at) => !at || !same(one.state, shown[at - 1].state));
    const rows = changed.map(function ({ name, state }) {
      const step = steps.find((one) => one.version === name);
      const own = name === book.name;
      const head = element("th", { scope: "row" }, element("a", { href: book.way(name), "aria-current": own ? "true" : null }, name));
      if (own) { head.append(element("br"), element("span", { class: "cb-note" }, book.say("here"))); }
      const cells = times.map(function (time) {
        const cell = element("td", { role: "cell", "data-label": book.say(time) });
        if (!state) {
          cell.append(element("span", { class: "cb-note" }, book.say("no_longer")));
          return cell;
        }
        cell.append(book.chip(state[time][0]));
        if (state[time][1]) { cell.append(element("span", { class: "cb-figure-told" }, state[time][1])); }
        const cause = step && step[time] && step[time][2];
        if (cause && `cause ${cause}` in claimbookLayer.words.en) { cell.append(element("span", { class: "cb-note" }, book.say(`cause ${cause}`))); }
        return cell;
      });
      return element("tr", { role: "row" }, head, ...cells);
    });
    const heads = ["version", ...times].map((text) => element("th", { scope: "col" }, book.say(text)));
    return element("details", { class: "cb-history-table" }, element("summary", {}, book.say("table")),
      element("div", { class: "cb-scroll", tabindex: "0", role: "region", "aria-label": book.say("history") },
        element("table", { class: "cb-readings", role: "table" }, element("caption", {}, book.say("table_caption")),
          element("thead", {}, element("tr", { role: "row" }, ...heads)), element("tbody", {}, ...rows))));
  }

  const known = { count, first: shown[0].name, last: shown.at(-1).name };
  const still = shown.every((one) => same(one.state, shown[0].state));
  const lines = times.some((time) => bars(time).some((bar) => bar.ticks.length));
  const svg = drawn("svg", { class: "cb-history-drawn", role: "img", "aria-label": book.say("drawn", known) });
  const figure = element("figure", { class: "cb-history-figure" }, svg, element("figcaption", { class: "cb-note" }, book.say("axis"), lines ? ` ${book.say("axis_lines")}` : ""));
  const id = "verdicts-through-the-versions";
  const section = element("section", { class: "cb-history", id }, element("h2", {}, book.say("history")),
    element("p", {}, book.say(still ? "throughout" : "told_in", known)), figure, table(),
    element("p", { class: "cb-note" }, element("a", { href: `${book.site}feeds/claims/${encodeURIComponent(claim.id)}.xml` }, book.say("feed"))));
  const after = ["share-this-page", "cite-or-contest-this-page"].map((name) => document.getElementById(name))
    .find((found) => found && article.contains(found));
  const whole = article.querySelector(":scope > section:only-of-type");
  if (after) { after.before(section); } else { (whole || article).append(section); }

  const entry = after && document.querySelector(`.cb-toc a[href="#${after.id}"]`);
  if (entry) { entry.closest("li").before(element("li", {}, element("a", { href: `#${id}` }, book.say("history")))); }

  let width = 0;
  function redraw() {
    const now = Math.floor(figure.clientWidth);
    if (now >= LEAST && now !== width) {
      width = now;
      draw(svg, now);
    }
  }
  redraw();
  if (window.ResizeObserver) { new ResizeObserver(redraw).observe(figure); }
  // Letters take another width in the font that comes late.
  if (document.fonts) { document.fonts.ready.then(() => { width = 0; redraw(); }); }
};
