"use strict";
(function () {
  const content = JSON.parse(document.getElementById("charts").textContent);
  Bokeh.set_log_level("warn");
  Bokeh.embed.embed_items(content.docs, content.items).then(function () {
    document.documentElement.dataset.charts = "drawn";
  });
})();
