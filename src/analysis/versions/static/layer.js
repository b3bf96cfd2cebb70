// The mutable layer beside frozen versions: loads the list of versions and this page's history, then lets the other
// parts write. Says nothing where a file is missing or a page is not of a version. Data reaches the page as text only.
(function () {
  "use strict";

  const html = document.documentElement;
  const own = document.currentScript;
  const layer = window.claimbookLayer;
  const SVG = "http://www.w3.org/2000/svg";
  const PAGE = /^(?:[A-Za-z0-9_][A-Za-z0-9_-]*\/)*[A-Za-z0-9_][A-Za-z0-9_.-]*\.html$/;
  const TIMES = ["when_written", "as_revised", "today"];
  const pages = {};
  let told = null;

  // What the files of data call.
  layer.versions = function (data) { told = data; };
  layer.page = function (data) { pages[data.page] = data; };

  // Versions

  function key(name) {
    const found = /^(\d+)\.(\d+)(?:\.(\d+))?(?:rc(\d+))?$/.exec(name);
    return found ? [found[1], found[2], found[3] || 0, found[4] || Infinity].map(Number) : [0, 0, 0, 0];
  }

  // Below 0 where the first is the older one.
  function compare(one, other) {
    const [a, b] = [key(one), key(other)];
    const place = a.findIndex((part, at) => part !== b[at]);
    return place < 0 ? 0 : a[place] - b[place];
  }

  const candidate = (name) => key(name)[3] !== Infinity;
  const within = (runs, name) => runs.some(([from, before]) =>
    compare(from, name) <= 0 && (!before || compare(name, before) < 0));

  // The last of some steps that a version has reached: steps are [version, value].
  const reached = (steps, name) => steps.filter(([version]) => compare(version, name) <= 0).pop();

  // What a version says of a statement: {when_written: [word, figure], ...}, or null where it has it not.
  function state(steps, name) {
    let found = null;
    steps.filter((step) => compare(step.version, name) <= 0).forEach(function (step) {
      const before = found || {};
      found = step.gone ? null : Object.fromEntries(TIMES.map((time) =>
        [time, step[time] ? [step[time][0] || "", step[time][1] || ""] : before[time] || ["", ""]]));
    });
    return found;
  }

  // Elements

  function fill(made, attributes, parts) {
    Object.entries(attributes).forEach(([name, value]) => {
      if (value !== null && value !== undefined && value !== false) { made.setAttribute(name, value === true ? "" : value); }
    });
    made.append(...parts);
    return made;
  }

  const element = (tag, attributes = {}, ...parts) => fill(document.createElement(tag), attributes, parts);
  const drawn = (tag, attributes = {}, ...parts) => fill(document.createElementNS(SVG, tag), attributes, parts);

  function make() {
    const name = html.dataset.version;
    const page = html.dataset.page;
    const language = layer.words[html.lang] ? html.lang : "en";
    const words = layer.words[language];
    const list = [...told.versions].sort((one, other) => compare(one.name, other.name));
    const version = list.find((one) => one.name === name);
    if (!version || !PAGE.test(page)) { return null; }
    const history = pages[page] || null;
    // Who reads a version that is out for good is led to the newest such one, and who tries a candidate to the newest.
    const newest = (candidate(name) ? told.latest : told.stable) || told.latest;
    const days = new Intl.DateTimeFormat({ en: "en-GB", nl: "nl-BE", fr: "fr-BE" }[language], { dateStyle: "long", timeZone: "UTC" });

    const book = {
      TIMES, compare, candidate, within, reached, state, element, drawn,
      site: own.dataset.site, name, page, version, history, language, newest,
      list, // versions, the oldest first
      corrections: told.corrections || [], log: told.log || "",
      there: pages,
      gone: missing(),

      day(text) {
        const day = new Date(`${text}T00:00:00Z`);
        return isNaN(day) ? String(text || "") : days.format(day);
      },

      // A text with its places filled in: plain where all that fills it is plain, else its parts.
      say: (text, known = {}) => words[text].replace(/\{(\w+)\}/g, (place, at) => known[at] ?? place),
      tell: (text, known = {}) => words[text].split(/\{(\w+)\}/).flatMap((part, at) =>
        at % 2 ? [known[part] ?? ""].flat() : part ? [part] : []),

      address: (version, path) => `${own.dataset.site}v/${encodeURIComponent(version)}/${path.split("/").map(encodeURIComponent).join("/")}`,
      has: (version, own = history) => Boolean(own) && within(own.in, version),

      // The page to go to in a version: this one, or the nearest that is there.
      nearest(version) {
        if (book.has(version)) { return page; }
        const found = history && history.near.find(([, runs]) => within(runs, version));
        return found ? found[0] : "index.html";
      },

      // The way to this page in another version, with what its address chooses; or to the nearest, which says so.
      way(version) {
        const path = book.nearest(version);
        if (path !== page) {
          return `${book.address(version, path)}${history ? `?gone=${encodeURIComponent(page)}` : ""}`;
        }
        const query = new URLSearchParams(window.location.search);
        const arrived = query.has("gone");
        query.delete("gone");
        const kept = arrived ? String(query) && `?${query}` : window.location.search;
        return `${book.address(version, path)}${kept}${window.location.hash}`;
      },

      // The chip of a verdict, in the page's words.
      chip(word) {
        const other = (history && history.words && history.words[word]) || "";
        const foreign = language !== "en" && !other ? "en" : null;
        return element("span", { class: "cb-verdict", "data-verdict": word.replaceAll(" ", "-"), lang: foreign }, other || word);
      },
      word: (word) => (history && history.words && history.words[word]) || word,
    };
    return book;
  }

  // The page of which a link into this one said that the version has it not; only what the site knows is named.
  function missing() {
    const path = new URLSearchParams(window.location.search).get("gone") || "";
    return PAGE.test(path) && path.length < 200 && path !== html.dataset.page ? path : "";
  }

  // Loading: whatever does not come is done without.

  const came = (made) => new Promise(function (done) {
    made.addEventListener("load", done);
    made.addEventListener("error", done);
    document.head.append(made);
  });
  const script = (path) => came(element("script", { src: new URL(path, own.dataset.site).href }));
  const data = (page) => script(`layer/pages/${page.replace(/\.html$/, ".js")}`);

  async function start() {
    const page = html.dataset.page;
    if (!own || !own.dataset.site || !html.dataset.version || !page || !PAGE.test(page)) { return; }
    const wanted = [page, missing()].filter(Boolean);
    const sheet = element("link", { rel: "stylesheet", href: new URL("layer/layer.css", own.dataset.site).href });
    await Promise.all([came(sheet), script("layer/versions.js"), ...wanted.map(data)]);
    const book = told && make();
    if (!book) { return; }
    ["switcher", "notices", "history"].forEach(function (part) {
      // One part that fails takes neither the others nor the page with it.
      try { layer.parts[part](book); } catch { /* the page stands as it was published */ }
    });
    html.dataset.layer = "ready";
  }

  start().catch(() => { /* the page stands as it was published */ });
})();
