"use strict";
const entries = JSON.parse(document.getElementById("entries").textContent);
const texts = entries.map(([kind, text]) => `${kind} ${text}`.toLowerCase());
const query = document.getElementById("query");
const results = document.getElementById("results");
const count = document.getElementById("count");
function show() {
  const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
  const found = words.length ? entries.filter((_, at) => words.every((word) => texts[at].includes(word))) : [];
  results.replaceChildren(...found.slice(0, 100).map(([kind, text, page]) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = page;
    link.textContent = text;
    item.append(link, ` ${kind}`);
    return item;
  }));
  const more = found.length > 100 ? ", the first 100 of them here" : "";
  count.textContent = words.length ? `${found.length} found${more}` : "";
}
document.getElementById("without").hidden = true;
query.addEventListener("input", show);
show();
