/* Under the title of a page with folded code, one switch for all of it. It
   says how things stand, also when cells are opened one by one, and remembers
   nothing. Without this script each cell still opens by itself. */
(function () {
  "use strict";
  var CODE = "article .cell details.hide";

  function begin() {
    var all = Array.from(document.querySelectorAll(CODE));
    var title = document.querySelector("article h1");
    if (!all.length || !title) return;
    var button = document.createElement("button");
    button.type = "button";
    button.className = "book-fold";
    button.textContent = "Show all code";

    function look() {
      var open = all.every(function (e) { return e.open; });
      button.setAttribute("aria-pressed", open);
    }

    button.addEventListener("click", function () {
      var open = button.getAttribute("aria-pressed") !== "true";
      all.forEach(function (e) { e.open = open; });
      look();
    });
    all.forEach(function (e) { e.addEventListener("toggle", look); });
    look();
    title.after(button);
  }

  if (document.readyState !== "loading") begin();
  else document.addEventListener("DOMContentLoaded", begin);
})();
