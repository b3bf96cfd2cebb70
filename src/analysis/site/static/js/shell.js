// What every page has beside its content: the choice of colours, the place in the page, printing, closing of menus.
(function () {
  "use strict";

  const html = document.documentElement;
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const KEY = "cb-theme";

  // Where pages come from files, or where storing is forbidden, a choice holds for this page only.
  function chosen() {
    try { return localStorage.getItem(KEY); } catch (refused) { return null; }
  }

  function keep(theme) {
    try {
      // Who chooses what the system says follows the system from then on.
      if (theme === (system.matches ? "dark" : "light")) { localStorage.removeItem(KEY); } else { localStorage.setItem(KEY, theme); }
    } catch (refused) { /* it holds for this page */ }
  }

  function paint(theme, button) {
    html.dataset.theme = theme;
    if (button) { button.setAttribute("aria-pressed", String(theme === "dark")); }
    document.dispatchEvent(new Event("cb-theme"));
  }

  function colours() {
    const button = document.querySelector(".cb-theme");
    if (!button) { return; }
    button.hidden = false;
    button.setAttribute("aria-pressed", String(html.dataset.theme === "dark"));
    button.addEventListener("click", function () {
      const theme = html.dataset.theme === "dark" ? "light" : "dark";
      keep(theme);
      paint(theme, button);
    });
    system.addEventListener("change", function () {
      if (!chosen()) { paint(system.matches ? "dark" : "light", button); }
    });
  }

  function printing() {
    document.querySelectorAll(".cb-print").forEach(function (button) {
      button.hidden = false;
      button.addEventListener("click", () => window.print());
    });
  }

  // A menu that lies above the page goes away when one of its links leads elsewhere on the same page.
  function menus() {
    document.querySelectorAll("[popover]").forEach(function (menu) {
      menu.addEventListener("click", function (event) {
        if (event.target.closest("a") && menu.matches(":popover-open")) { menu.hidePopover(); }
      });
    });
  }

  // Marks the heading that is being read in the list of headings.
  function place() {
    const links = new Map();
    document.querySelectorAll(".cb-toc a").forEach(function (link) {
      const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)));
      if (heading) { links.set(heading, link); }
    });
    if (!links.size || !window.IntersectionObserver) { return; }
    const seen = new Set();
    const watch = new IntersectionObserver(function (entries) {
      entries.forEach((entry) => { if (entry.isIntersecting) { seen.add(entry.target); } else { seen.delete(entry.target); } });
      const current = [...links.keys()].filter((heading) => seen.has(heading)).pop();
      if (!current) { return; }
      links.forEach((link) => link.removeAttribute("aria-current"));
      links.get(current).setAttribute("aria-current", "true");
    }, { rootMargin: "-15% 0px -70% 0px" });
    links.forEach((link, heading) => watch.observe(heading));
  }

  // A version that stands in a published site has beside it what may change after it froze: the way to other versions,
  // notices, histories (layer/layer.js in the site's root). A version that stands alone has none, and says nothing.
  function layer() {
    const version = html.dataset.version;
    if (!version) { return; }
    try {
      const root = new URL(html.dataset.root || "./", window.location.href);
      const up = root.pathname.endsWith(`/v/${version}/`) ? "../../" : /\/(latest|stable)\/$/.test(root.pathname) ? "../" : "";
      if (!up) { return; }
      const script = document.createElement("script");
      script.dataset.site = new URL(up, root).href;
      script.src = new URL("layer/layer.js", script.dataset.site).href;
      script.defer = true;
      document.head.append(script);
    } catch { /* no address that could be read */ }
  }

  function start() { colours(); printing(); menus(); place(); layer(); }

  if (document.readyState === "loading") { document.addEventListener("DOMContentLoaded", start); } else { start(); }
})();
