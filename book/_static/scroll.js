/* What is wider than its place scrolls: then the keyboard can reach it, and it
   has a name. The theme gives some of these a place in the order of tabs, but
   none a name. */
(function () {
  "use strict";
  var ALL = "article pre, article div.math, .cell_output > .output, " +
    ".pst-scrollable-table-container, .book-picture";

  function name(e) {
    if (e.matches(".pst-scrollable-table-container")) return "table";
    if (e.matches(".book-picture")) return "picture";
    if (e.matches(".math")) return "formula";
    if (e.closest(".cell_output")) return "output";
    return "code";
  }

  function mark(e) {
    var wide = e.scrollWidth > e.clientWidth + 1 ||
      e.scrollHeight > e.clientHeight + 1;
    wide = wide && /auto|scroll/.test(getComputedStyle(e).overflowX);
    if (wide) {
      e.tabIndex = 0;
      e.setAttribute("role", name(e) === "table" ? "region" : "group");
      e.setAttribute("aria-label", name(e) + ", scrolls sideways");
    } else if (e.getAttribute("tabindex") !== null) {
      e.tabIndex = -1;
      e.removeAttribute("role");
      e.removeAttribute("aria-label");
    }
  }

  function begin() {
    var all = document.querySelectorAll(ALL);
    var watch = new ResizeObserver(function (entries) {
      entries.forEach(function (entry) { mark(entry.target); });
    });
    all.forEach(function (e) { mark(e); watch.observe(e); });
  }

  if (!window.ResizeObserver) return;
  if (document.readyState !== "loading") begin();
  else document.addEventListener("DOMContentLoaded", begin);
})();
