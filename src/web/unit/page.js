// Nothing here is needed: without it the page does the same, with one tap more.
(function () {
  "use strict";
  var form = document.querySelector("form");
  var summary = document.querySelector(".wrong-summary");
  if (summary) summary.focus();
  if (!form) return;
  var changed = false;
  form.addEventListener("input", function () { changed = true; });
  window.addEventListener("beforeunload", function (event) {
    if (changed) event.preventDefault();
  });
  form.addEventListener("submit", function (event) {
    changed = false;
    // The second press would change nothing; this only spares the wait.
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });
  window.addEventListener("pageshow", function () { delete form.dataset.sent; });
})();
