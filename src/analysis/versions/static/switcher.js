// The way to other versions: a button in the header that opens a list, each entry leading to the same page there.
claimbookLayer.parts.switcher = function (book) {
  "use strict";

  const SHOWN = 12; // the newest; all of them stand on a page of their own
  const { element, drawn } = book;
  const tools = document.querySelector(".cb-tools");
  if (!tools) { return; }
  const all = `${book.site}versions.html`;
  const icon = drawn("svg", { class: "cb-icon", viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true", focusable: "false" },
    drawn("path", { d: "M2 5.5 8 2.5l6 3-6 3zM2 8.5l6 3 6-3M2 11.5l6 3 6-3" }));
  const label = [icon, element("span", {}, book.say("version_of", { version: book.name }))];
  const place = tools.querySelector(":scope > .cb-languages, :scope > a.cb-button");

  if (!("popover" in HTMLElement.prototype)) {
    tools.insertBefore(element("a", { class: "cb-button cb-to-versions", href: all }, ...label), place);
    return;
  }

  const listed = book.list.slice(-SHOWN);
  if (!listed.includes(book.version)) { listed.unshift(book.version); }
  const links = new Map();
  const entries = listed.reverse().map(function (version) {
    const here = version.name === book.name;
    const told = [
      version.as_of ? book.say("up_to", { day: book.day(version.as_of) }) : "",
      version.retrospective ? book.say("retrospective") : "",
      book.candidate(version.name) ? book.say("candidate") : "",
      book.nearest(version.name) === book.page ? "" : book.say("elsewhere"),
    ].filter(Boolean);
    const link = element("a", { "aria-current": here ? "true" : null }, element("strong", {}, version.name), " ");
    if (version.name === book.newest) { link.append(element("span", { class: "cb-tag" }, book.say("newest")), " "); }
    link.append(element("span", { class: "cb-note" }, told.join(", ")));
    links.set(link, version.name);
    return element("li", {}, link);
  });

  // Scripts of the page change its address as the reader chooses, so that the ways are found when they are needed.
  const point = () => links.forEach((version, link) => { link.href = book.way(version); });
  const menu = element("nav", { class: "cb-versions", id: "cb-versions", popover: "auto", "aria-label": book.say("list") },
    element("ul", {}, ...entries), element("p", {}, element("a", { href: all }, book.say("all"))));
  const button = element("button", { class: "cb-button cb-to-versions", type: "button", popovertarget: "cb-versions" }, ...label);
  menu.addEventListener("beforetoggle", point);
  menu.addEventListener("click", (event) => { if (event.target.closest("a") && menu.matches(":popover-open")) { menu.hidePopover(); } });
  point();
  tools.insertBefore(menu, tools.insertBefore(button, place).nextSibling);
};
