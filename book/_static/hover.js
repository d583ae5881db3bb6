/* What a reference refers to, shown beside it while one points at it or
   stands on it with the keyboard. Without this script browsers show the
   links' titles by themselves. */
(function () {
  "use strict";
  var tip = null, link = null;

  function hide() {
    if (!tip) return;
    link.title = tip.textContent;
    link.removeAttribute("aria-describedby");
    tip.remove();
    tip = link = null;
  }

  function show(event) {
    var to = event.target.closest && event.target.closest(
      "a.reference.internal[title]"
    );
    if (!to || to === link) return;
    hide();
    link = to;
    tip = document.createElement("div");
    tip.className = "book-tip";
    tip.id = "book-tip";
    tip.setAttribute("role", "tooltip");
    tip.textContent = to.title;
    to.removeAttribute("title"); // or there would be two
    to.setAttribute("aria-describedby", tip.id);
    document.body.appendChild(tip);
    var box = to.getClientRects()[0], room = document.documentElement;
    var left = Math.min(box.left, room.clientWidth - tip.offsetWidth - 12);
    var above = box.top - tip.offsetHeight - 6;
    tip.style.left = Math.max(12, left) + "px";
    tip.style.top = (above > 70 ? above : box.bottom + 6) + "px";
  }

  function leave(event) {
    if (link && !link.contains(event.relatedTarget)) hide();
  }

  document.addEventListener("mouseover", show);
  document.addEventListener("focusin", show);
  document.addEventListener("mouseout", leave);
  document.addEventListener("focusout", leave);
  document.addEventListener("scroll", hide, true);
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") hide();
  });
})();
