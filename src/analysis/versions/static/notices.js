// What stands above a page: that it is not the one asked for, what was wrong with it, which version it is, and what
// has changed on it since.
claimbookLayer.parts.notices = function (book) {
  "use strict";

  const LISTED = 5;
  const { TIMES, compare, element, history } = book;
  const main = document.querySelector("main");
  if (!main) { return; }
  const sentence = (...parts) => element("p", {}, ...parts.flat());
  const link = (href, ...parts) => element("a", { href }, ...parts);
  const foreign = book.language === "en" ? null : "en"; // what is told in English alone

  function gone() {
    const missing = book.there[book.gone];
    if (!missing || book.has(book.name, missing)) { return null; }
    const own = /^(nl|fr)\//.exec(book.gone);
    const title = element("span", { lang: own ? own[1] : "en" }, missing.title || book.gone);
    const parts = book.tell("gone", { title, path: element("code", {}, book.gone), version: book.name });
    const other = [...book.list].reverse().find((version) => book.has(version.name, missing));
    if (other) { parts.push(" ", link(book.address(other.name, book.gone), book.say("gone_back", { version: other.name })), "."); }
    return element("div", { class: "cb-notice", role: "note" }, sentence(parts));
  }

  function concerned(entry) {
    const from = !entry.first || compare(entry.first, book.name) <= 0;
    const until = entry.last ? compare(book.name, entry.last) <= 0 : !entry.fixed || compare(book.name, entry.fixed) < 0;
    return from && until && (entry.pages || []).some((page) => page === "*" || page === book.page);
  }

  function correction(entry) {
    const title = element("span", { lang: foreign }, entry.title || "");
    const note = element("div", { class: "cb-notice cb-notice-correction", role: "note" },
      sentence(element("strong", {}, ...book.tell("correction", { day: book.day(entry.dated), title }))),
      element("p", { lang: foreign }, entry.told || ""));
    const last = [];
    if (entry.fixed) {
      last.push(book.say("correction_fixed", { version: entry.fixed }));
      if (book.list.some((version) => version.name === entry.fixed)) {
        last.push(" ", link(book.way(entry.fixed), book.say("correction_page")), ".");
      }
    } else {
      last.push(book.say("correction_open"));
    }
    if (entry.reported_by) {
      last.push(" ", entry.reported_by === "us" ? book.say("correction_own") : book.say("correction_by", { name: entry.reported_by }));
    }
    if (book.log) {
      const log = `${book.address(book.newest, book.log)}#correction-${encodeURIComponent(entry.id || "")}`;
      last.push(" ", link(log, book.say("correction_log")), ".");
    }
    note.append(sentence(last));
    return note;
  }

  // What has changed since

  const equal = (one, other) => one[0] === other[0] && one[1] === other[1];

  // In which version something of a statement last became what it is now; candidates are left out, as in lists. Why, is
  // told where it became so in one step: of several, the last one's cause is not that of the whole way.
  function since(steps, time, same) {
    let [found, before, count] = [null, book.state(steps, book.name), 0];
    steps.filter((step) => compare(step.version, book.name) > 0 && compare(step.version, book.newest) <= 0).forEach(function (step) {
      const now = book.state(steps, step.version);
      if (!now || !before || !same(now[time], before[time])) { [found, count] = [step, count + 1]; }
      before = now;
    });
    if (!found) { return ""; }
    const out = book.list.find((one) => compare(one.name, found.version) >= 0 && (one.name === book.newest || !book.candidate(one.name)));
    const cause = (found[time] || [])[2];
    const name = out ? out.name : found.version;
    const known = { version: link(`${book.site}changes/${encodeURIComponent(name)}/index.html`, name) };
    return count === 1 && cause && `cause ${cause}` in claimbookLayer.words.en
      ? book.tell("since_cause", { ...known, cause: book.say(`cause ${cause}`) }) : book.tell("since", known);
  }

  function moved(claim, time, before, after) {
    const word = before[0] !== after[0];
    const same = word ? (one, other) => one[0] === other[0] : equal;
    const known = { time: element("strong", {}, book.say(time)), since: since(claim.steps, time, same) };
    if (word) {
      const figures = before[1] && after[1] ? { figure_before: before[1], figure_after: after[1] } : {};
      return book.tell(figures.figure_after ? "word_figures" : "word", { ...known, ...figures, before: book.chip(before[0]), after: book.chip(after[0]) });
    }
    const text = before[1] && after[1] ? "figure_moved" : after[1] ? "figure_new" : "figure_none";
    return book.tell(text, { ...known, word: book.chip(after[0]), before: before[1], after: after[1] });
  }

  function ofStatement(claim) {
    const [before, after] = [book.state(claim.steps, book.name), book.state(claim.steps, book.newest)];
    if (!after) { return [sentence(book.say("statement_gone"))]; }
    if (!before) { return []; }
    const flips = (time) => Number(before[time][0] !== after[time][0]);
    const other = TIMES.filter((time) => !equal(before[time], after[time])).sort((one, two) => flips(two) - flips(one));
    if (!other.length) { return [sentence(book.say(changedText() ? "same_verdicts" : "same"))]; }
    return [sentence(book.say("since_then")),
      element("ul", {}, ...other.map((time) => element("li", {}, ...moved(claim, time, before[time], after[time]))))];
  }

  function ofStatements(claims) {
    const known = claims.map((claim) => ({ claim, before: book.state(claim.steps, book.name), after: book.state(claim.steps, book.newest) }));
    const other = (one) => TIMES.filter((time) => one.before[time][0] !== one.after[time][0]);
    // What had an answer and has another one comes before what had none.
    const OPEN = ["not testable", "not yet due"];
    const turned = (one) => Number(other(one).some((time) => !OPEN.includes(one.before[time][0]) && !OPEN.includes(one.after[time][0])));
    const changed = known.filter((one) => one.before && one.after && other(one).length).sort((one, two) => turned(two) - turned(one));
    const come = known.filter((one) => !one.before && one.after).length;
    const left = known.filter((one) => one.before && !one.after).length;
    const counted = (text, count) => (count ? book.say(`${text}_${count === 1 ? "one" : "many"}`, { count }) : "");
    const parts = [];
    if (changed.length) {
      const prefix = book.language === "en" ? "" : `${book.language}/`;
      const items = changed.slice(0, LISTED).map((one) => element("li", {},
        link(book.address(book.newest, `${prefix}claims/${one.claim.id}.html`), element("span", { lang: one.claim.lang }, one.claim.title)), ". ",
        ...other(one).flatMap((time, at) => [at ? "; " : "", ...book.tell("word_of", {
          time: book.say(time), before: book.chip(one.before[time][0]), after: book.chip(one.after[time][0]),
        })])));
      const more = changed.length - LISTED;
      if (more > 0) { items.push(element("li", {}, link(`${book.site}versions.html`, book.say("more", { count: more })))); }
      parts.push(sentence(counted("changed", changed.length)), element("ul", {}, ...items));
    }
    const rest = [counted("come", come), counted("gone", left)].filter(Boolean).join(" ");
    if (rest) { parts.push(sentence(rest)); }
    return parts.length ? parts : [sentence(book.say(changedText() ? "same_words" : "same"))];
  }

  function changedText() {
    const [before, after] = [book.name, book.newest].map((version) => book.reached(history.text, version));
    return !before || !after || before[1] !== after[1];
  }

  function changes() {
    if (!history) { return []; }
    const single = /^(?:(?:nl|fr)\/)?claims\//.test(book.page) && (history.claims || []).length === 1;
    if (single) { return book.has(book.newest) ? ofStatement(history.claims[0]) : [sentence(book.say("statement_gone"))]; }
    if (!book.has(book.newest)) { return []; }
    return history.claims ? ofStatements(history.claims) : [sentence(book.say(changedText() ? "text" : "same"))];
  }

  function banner() {
    const old = book.name !== book.newest;
    const [candidate, late] = [book.candidate(book.name), book.version.retrospective];
    if (!old && !candidate && !late) { return null; }
    const first = [element("strong", {}, book.say("old", { version: book.name, day: book.day(book.version.as_of) }))];
    if (candidate) { first.push(" ", book.say("candidate_told")); }
    if (late) { first.push(" ", book.say("retrospective_told", { day: book.day(late === true ? book.version.as_of : late) })); }
    const box = element("section", { class: "cb-notice cb-notice-version", "aria-label": book.say("version_of", { version: book.name }) }, sentence(first));
    if (!old) { return box; }
    const known = { newest: book.newest };
    const missing = history && !book.has(book.newest);
    const way = link(book.way(book.newest), book.say(missing ? "old_gone_here" : "old_here", known));
    box.append(missing ? sentence(book.say("old_gone", known), " ", way, ".") : sentence(way, "."), ...changes());
    return box;
  }

  const told = [gone(), ...book.corrections.filter(concerned).map(correction), banner()].filter(Boolean);
  if (told.length) { main.prepend(element("div", { class: "cb-notices" }, ...told)); }
};
