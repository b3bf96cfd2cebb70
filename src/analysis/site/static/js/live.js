// Charts that come alive. A figure of class cb-live names the script that holds its specifications and the engine that
// draws them; both are read when the figure comes into view, after everything the page needs first. Until then, and
// wherever anything goes wrong, the static drawing stays.
(function () {
  "use strict";

  const folder = document.currentScript.src.replace(/[^/]*$/, "");
  const WIDE = 650; // as the style sheet has it: from this width of the figure on, the wide drawing
  const NEAR = 40; // how near to a point the pointer has to be to hear of it, in units of the drawing
  const INSIDE = 8; // how near a bar counts that the pointer is in: a point upon it comes first
  const scripts = {};
  const data = {}; // what the scripts of figures handed over, by the id of the figure

  document.addEventListener("cb-figure", (event) => { data[event.detail.figure] = event.detail; });

  function read(address) {
    if (!scripts[address]) {
      scripts[address] = new Promise(function (resolve, reject) {
        const script = document.createElement("script");
        script.src = address;
        script.onload = resolve;
        script.onerror = () => reject(new Error("cannot read " + script.src));
        document.head.appendChild(script);
      });
    }
    return scripts[address];
  }

  // Under the pointer ------------------------------------------------------------------------------------------------

  // What the drawing can tell: every item of its marks that has a tooltip, with its place in the whole drawing.
  function tellers(view) {
    const found = [];
    function walk(mark, x, y) {
      mark.items.forEach(function (item) {
        if (mark.marktype === "group") {
          item.items.forEach((child) => walk(child, x + (item.x || 0), y + (item.y || 0)));
        } else if (item.tooltip !== undefined && item.tooltip !== null && item.tooltip !== "") {
          found.push({ item: item, kind: mark.marktype, x: x, y: y });
        }
      });
    }
    walk(view.scenegraph().root, 0, 0);
    return found;
  }

  function place(teller) {
    const box = teller.item.bounds;
    return ["line", "trail", "area", "symbol"].includes(teller.kind)
      ? { x: teller.x + teller.item.x, y: teller.y + teller.item.y, point: true }
      : { x: teller.x + (box.x1 + box.x2) / 2, y: teller.y + box.y1, point: false };
  }

  function distance(teller, x, y) {
    const at = place(teller);
    if (at.point) { return Math.hypot(at.x - x, at.y - y); }
    const box = teller.item.bounds;
    const inside = x >= teller.x + box.x1 && x <= teller.x + box.x2 && y >= teller.y + box.y1 && y <= teller.y + box.y2;
    return inside ? INSIDE : Infinity;
  }

  const colour = (item) => [item.stroke, item.fill].find((paint) => typeof paint === "string" && paint !== "transparent");

  // As the style sheet turns it in the dark.
  const shade = (paint) => (/^#?[\w]+$/.test(paint) ? "var(--cb-chart-" + paint.replace("#", "").toLowerCase() + ", " + paint + ")" : paint);

  // A name first, where there is one, then each field with its value.
  function fill(tip, told) {
    tip.replaceChildren();
    const rows = told !== null && typeof told === "object" ? Object.entries(told) : [["", told]];
    rows.forEach(function ([name, value], number) {
      const text = value !== null && typeof value === "object" ? JSON.stringify(value) : String(value);
      const named = number === 0 && !/^[<>≤≥~]?\s?[+\-−–]?[\d.,\s]+%?$/.test(text);
      const row = tip.appendChild(document.createElement("div"));
      row.className = named || !name ? "cb-tip-name" : "cb-tip-row";
      if (!named && name) { row.appendChild(document.createElement("span")).textContent = name; }
      row.appendChild(document.createElement("span")).textContent = text;
    });
  }

  // Tell of what is nearest to the pointer, and let the other lines step back. The figures stand in the table below
  // too, for those who have no pointer, so all of this is hidden from screen readers.
  function tellUnderPointer(stage, view) {
    const svg = stage.querySelector("svg");
    const root = svg.querySelector("g");
    const tip = stage.appendChild(document.createElement("div"));
    const dot = stage.appendChild(document.createElement("div"));
    let told = null;
    let waiting = null;
    tip.className = "cb-tip";
    dot.className = "cb-dot";
    tip.hidden = dot.hidden = true;
    tip.setAttribute("aria-hidden", "true");

    // The line that a drawn element belongs to, by the name that the charts of the book give it.
    const lineOf = (item) => (item && item.datum && item.datum.line !== undefined ? item.datum.line : null);

    function fade(item) {
      const own = item && colour(item);
      const name = lineOf(item);
      const strokes = [...svg.querySelectorAll(".mark-line.role-mark path, .mark-trail.role-mark path")];
      const lines = new Set(strokes.map((line) => line.getAttribute("stroke") || line.getAttribute("fill")));
      svg.querySelectorAll(".role-mark :is(path, text)").forEach(function (element) {
        const paints = ["stroke", "fill"].map((name) => element.getAttribute(name));
        const other = own && lines.has(own) && paints.some((paint) => paint !== own && lines.has(paint));
        const another = name !== null && lineOf(element.__data__) !== null && lineOf(element.__data__) !== name;
        element.classList.toggle("cb-faded", Boolean(name !== null ? another : other && !paints.includes(own)));
      });
    }

    function hide() {
      if (waiting !== null) { cancelAnimationFrame(waiting); waiting = null; }
      if (told) { fade(null); }
      told = null;
      tip.hidden = dot.hidden = true;
    }

    function show(teller, matrix) {
      const at = place(teller);
      const screen = new DOMPoint(at.x, at.y).matrixTransform(matrix);
      const room = stage.getBoundingClientRect();
      const x = screen.x - room.left;
      const y = screen.y - room.top;
      if (told !== teller.item) {
        fade(teller.item);
        fill(tip, teller.item.tooltip);
      }
      told = teller.item;
      tip.hidden = false;
      dot.hidden = !at.point;
      dot.style.color = shade(colour(teller.item) || "currentcolor");
      dot.style.transform = "translate(" + x + "px," + y + "px)";
      // Above the point, below it where the window ends, and never beyond the sides of the drawing.
      const left = Math.max(0, Math.min(x - tip.offsetWidth / 2, room.width - tip.offsetWidth));
      const above = y - tip.offsetHeight - 12;
      const top = room.top + above < 0 ? y + 16 : above;
      tip.style.transform = "translate(" + Math.round(left) + "px," + Math.round(top) + "px)";
    }

    function look(event) {
      waiting = null;
      const matrix = root.getScreenCTM();
      const pointer = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
      let best = null;
      let least = NEAR;
      tellers(view).forEach(function (teller) {
        const far = distance(teller, pointer.x, pointer.y);
        if (far < least) { best = teller; least = far; }
      });
      if (best) { show(best, matrix); } else { hide(); }
    }

    function ask(event) {
      if (waiting !== null) { cancelAnimationFrame(waiting); }
      waiting = requestAnimationFrame(() => look(event));
    }

    const away = (event) => { if (!stage.contains(event.target)) { hide(); } };
    const escape = (event) => { if (event.key === "Escape") { hide(); } };
    stage.addEventListener("pointermove", ask);
    stage.addEventListener("pointerdown", ask);
    // A finger leaves whenever it is lifted: what it asked for stays until it touches something else.
    stage.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse") { hide(); } });
    document.addEventListener("pointerdown", away);
    document.addEventListener("keydown", escape);
    return function () {
      hide();
      document.removeEventListener("pointerdown", away);
      document.removeEventListener("keydown", escape);
    };
  }

  // Sliders and drawing ----------------------------------------------------------------------------------------------

  async function wake(figure) {
    await read(figure.dataset.live);
    const specs = data[figure.id];
    await read(folder + figure.dataset.engine);
    const embed = window.claimbookEmbed;
    // Text is measured as it is drawn, so its font has to be there.
    await Promise.all(["12px", "600 12px"].map((size) => document.fonts.load(size + ' "Claimbook Sans"')));
    const chart = figure.querySelector(".cb-chart");
    const sentence = figure.querySelector(".cb-told");
    const alternative = chart.getAttribute("aria-label");
    const bound = (spec) => (spec.params || []).filter((param) => param.bind && param.bind.input);
    const sliders = document.createElement("div");
    let current = null; // the drawing that is shown: its kind, its element and what the engine returned

    sliders.className = "cb-sliders";
    sliders.setAttribute("role", "group");
    sliders.setAttribute("aria-label", "Assumptions");

    function tell(name, text) {
      if (sentence) { sentence.textContent = text; }
      chart.setAttribute("aria-label", text + " " + alternative);
    }

    function resetButton(view) {
      const button = document.createElement("button");
      button.className = "cb-reset";
      button.type = "button";
      button.textContent = "Back to the start";
      button.addEventListener("click", function () {
        bound(specs.wide).forEach((param) => view.signal(param.name, param.value));
        view.runAsync();
      });
      return button;
    }

    // The value that the engine writes behind each slider is for the eye; screen readers have the slider's own.
    function markValues(controls) {
      controls.querySelectorAll("input[type=range] + span").forEach(function (value) {
        value.className = "cb-value";
        value.setAttribute("aria-hidden", "true");
      });
    }

    // Draw for the present width; what the reader has set is carried over from one drawing to the next.
    async function draw() {
      const kind = figure.clientWidth >= WIDE ? "wide" : "narrow";
      if (current && current.kind === kind) { return; }
      const spec = JSON.parse(JSON.stringify(specs[kind]));
      if (current) {
        bound(spec).forEach((param) => { param.value = current.result.view.signal(param.name); });
      }
      const stage = document.createElement("div");
      stage.className = "cb-stage cb-stage-" + kind + " cb-coming";
      chart.appendChild(stage);
      const controls = document.createElement("div");
      let result;
      try {
        result = await embed(stage, spec, {
          mode: "vega-lite", ast: true, actions: false, renderer: "svg", defaultStyle: false, tooltip: () => {},
          bind: controls,
        });
      } catch (fault) {
        stage.remove();
        throw fault;
      }
      // The figure's own element says what the picture is.
      ["role", "aria-label", "aria-roledescription"].forEach((name) => stage.removeAttribute(name));
      // What is drawn is told by the name of the chart around it, not mark by mark.
      stage.querySelectorAll("svg").forEach((svg) => svg.setAttribute("aria-hidden", "true"));
      if (current) {
        current.quiet();
        current.result.finalize();
        current.stage.remove();
      }
      if (bound(spec).length) {
        if (!current) {
          chart.before(sliders);
          if (sentence) { sentence.setAttribute("aria-live", "polite"); }
        }
        markValues(controls);
        sliders.replaceChildren(controls, resetButton(result.view));
      }
      stage.classList.remove("cb-coming");
      figure.classList.add("cb-awake");
      current = { kind: kind, stage: stage, result: result, quiet: tellUnderPointer(stage, result.view) };
      if (specs.told) {
        result.view.addSignalListener(specs.told, tell);
        tell(specs.told, result.view.signal(specs.told));
      }
    }

    await draw();
    // One drawing after the other: a window that is being resized asks for many.
    let drawing = Promise.resolve();
    new ResizeObserver(function () { drawing = drawing.then(draw).catch((fault) => console.error(fault)); })
      .observe(figure);
  }

  // When -------------------------------------------------------------------------------------------------------------

  const idle = window.requestIdleCallback
    ? () => new Promise((done) => requestIdleCallback(done, { timeout: 2000 }))
    : () => new Promise((done) => setTimeout(done, 50));

  function start() {
    const connection = navigator.connection || {};
    const sparing = connection.saveData || window.matchMedia("(prefers-reduced-data: reduce)").matches;
    // One figure after the other, so that the page answers in between.
    let queue = Promise.resolve();
    const asked = new WeakSet();
    function ask(figure) {
      if (asked.has(figure)) { return; }
      asked.add(figure);
      queue = queue.then(idle).then(() => wake(figure)).catch((fault) => console.error(fault));
    }
    const figures = document.querySelectorAll("figure.cb-live");
    if (sparing) {
      figures.forEach(function (figure) {
        ["pointerover", "pointerdown", "focusin"].forEach(function (kind) {
          figure.addEventListener(kind, () => ask(figure), { once: true, passive: true });
        });
      });
      return;
    }
    const watch = new IntersectionObserver(function (entries) {
      entries.filter((entry) => entry.isIntersecting).forEach(function (entry) {
        watch.unobserve(entry.target);
        ask(entry.target);
      });
    }, { rootMargin: "100px 0px" });
    figures.forEach((figure) => watch.observe(figure));
  }

  if (!window.IntersectionObserver || !window.ResizeObserver || !document.fonts) { return; }
  const begin = () => idle().then(start);
  if (document.readyState === "complete") { begin(); } else { window.addEventListener("load", begin); }
})();
