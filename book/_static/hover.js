/* What a reference refers to, shown beside it while one points at it or
   stands on it with the keyboard. Without this script browsers show the
   links' titles by themselves. */
(function () {
  "use strict";
  var tip = null, link = null, wait = 0;

  function hide() {
    clearTimeout(wait);
    if (!tip) return;
    link.title = tip.textContent;
    link.removeAttribute("aria-describedby");
    tip.remove();
    tip = link = null;
  }

  function place() {
    var box = link.getClientRects()[0], room = document.documentElement;
    if (!box || box.bottom < 0 || box.top > room.clientHeight) return hide();
    var left = Math.min(box.left, room.clientWidth - tip.offsetWidth - 12);
    var above = box.top - tip.offsetHeight - 3;
    tip.style.left = Math.max(12, left) + "px";
    tip.style.top = (above > 70 ? above : box.bottom + 3) + "px";
  }

  function show(event) {
    var on = event.target;
    if (tip && (link.contains(on) || tip.contains(on))) {
      return clearTimeout(wait);
    }
    var to = on.closest && on.closest(
      "a.reference.internal[title]"
    );
    if (!to) return;
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
    place();
  }

  function leave(event) {
    // One may point at the tip itself, on the way to it too; and a link that
    // the keyboard stands on keeps its tip.
    var from = event.target, to = event.relatedTarget;
    if (!tip || !(link.contains(from) || tip.contains(from))) return;
    if (to && (link.contains(to) || tip.contains(to))) return;
    if (event.type === "mouseout" && document.activeElement === link) return;
    clearTimeout(wait);
    wait = setTimeout(hide, event.type === "mouseout" ? 200 : 0);
  }

  document.addEventListener("mouseover", show);
  document.addEventListener("focusin", show);
  document.addEventListener("mouseout", leave);
  document.addEventListener("focusout", leave);
  document.addEventListener("scroll", function () { if (tip) place(); }, true);
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") hide();
  });
})();
