// Charts that readers move. A figure of class cb-live carries its specifications as JSON; the engine that draws
// them is a file beside this one, read when the first such figure comes near the window. Until then, and
// wherever anything goes wrong, the static drawing stays.
(function () {
  "use strict";

  const folder = document.currentScript.src.replace(/[^/]*$/, "");
  const WIDE = 650; // as the style sheet has it: from this width of the figure on, the wide drawing
  const engines = {};

  function engine(name) {
    if (!engines[name]) {
      engines[name] = new Promise(function (resolve, reject) {
        const script = document.createElement("script");
        script.src = folder + name;
        script.onload = () => resolve(window.claimbookEmbed);
        script.onerror = () => reject(new Error("cannot read " + script.src));
        document.head.appendChild(script);
      });
    }
    return engines[name];
  }

  function wake(figure) {
    const data = JSON.parse(figure.querySelector(".cb-live-data").textContent);
    const chart = figure.querySelector(".cb-chart");
    const sentence = figure.querySelector(".cb-told");
    const alternative = chart.getAttribute("aria-label");
    const sliders = document.createElement("div");
    let current = null; // the drawing that is shown: its kind, its element and what the engine returned
    let drawing = Promise.resolve();

    sliders.className = "cb-sliders";
    sliders.setAttribute("role", "group");
    sliders.setAttribute("aria-label", "Assumptions");

    const bound = (spec) => spec.params.filter((param) => param.bind);

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
        bound(data.wide).forEach((param) => view.signal(param.name, param.value));
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
      const embed = await engine(data.engine);
      // Text is measured as it is drawn, so its font has to be there.
      await Promise.all(["12px", "600 12px"].map((size) => document.fonts.load(size + ' "Claimbook Sans"')));
      const spec = JSON.parse(JSON.stringify(data[kind]));
      if (current) {
        bound(spec).forEach((param) => { param.value = current.result.view.signal(param.name); });
      }
      const stage = document.createElement("div");
      stage.className = "cb-stage cb-coming";
      chart.appendChild(stage);
      const controls = document.createElement("div");
      let result;
      try {
        result = await embed(stage, spec, {
          mode: "vega-lite", ast: true, actions: false, renderer: "svg", defaultStyle: false, tooltip: false,
          bind: controls,
        });
      } catch (fault) {
        stage.remove();
        throw fault;
      }
      if (current) {
        current.result.finalize();
        current.stage.remove();
      } else {
        chart.before(sliders);
        if (sentence) { sentence.setAttribute("aria-live", "polite"); }
      }
      markValues(controls);
      sliders.replaceChildren(controls, resetButton(result.view));
      stage.classList.remove("cb-coming");
      figure.classList.add("cb-awake");
      current = { kind: kind, stage: stage, result: result };
      if (data.told) {
        result.view.addSignalListener(data.told, tell);
        tell(data.told, result.view.signal(data.told));
      }
    }

    // One drawing after the other: a window that is being resized asks for many.
    function redraw() {
      drawing = drawing.then(draw).catch((fault) => console.error(fault));
    }

    new ResizeObserver(redraw).observe(figure); // tells the first size too
  }

  function start() {
    if (!window.IntersectionObserver || !window.ResizeObserver || !document.fonts) { return; }
    const watch = new IntersectionObserver(function (entries) {
      entries.filter((entry) => entry.isIntersecting).forEach(function (entry) {
        watch.unobserve(entry.target);
        wake(entry.target);
      });
    }, { rootMargin: "600px 0px" });
    document.querySelectorAll("figure.cb-live").forEach((figure) => watch.observe(figure));
  }

  if (document.readyState === "loading") { document.addEventListener("DOMContentLoaded", start); } else { start(); }
})();
