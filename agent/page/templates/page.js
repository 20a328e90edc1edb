"use strict";
// Search and filters. Without this script every row is there and nothing is lost; each bar of controls shows itself only here.
for (const bar of document.querySelectorAll("[data-filters]")) {
  const region = document.getElementById(bar.dataset.filters);
  const search = bar.querySelector("input");
  const selects = Array.from(bar.querySelectorAll("select"));
  const said = bar.querySelector("output");
  const rows = Array.from(region.querySelectorAll("[data-row]"), (element) => ({ element, text: "" }));
  const groups = Array.from(region.querySelectorAll("[data-group]"), (element) => ({ element, unfolded: element.open }));

  function matches(row, words) {
    if (selects.some((one) => one.value && row.element.dataset[one.dataset.key] !== one.value)) return false;
    if (words.length && !row.text) row.text = row.element.textContent.toLowerCase();
    return words.every((word) => row.text.includes(word));
  }

  function apply() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const narrowed = words.length > 0 || selects.some((one) => one.value);
    let shown = 0;
    for (const row of rows) {
      const fits = matches(row, words);
      row.element.hidden = !fits;
      if (fits) shown += 1;
    }
    for (const group of groups) {
      group.element.hidden = !group.element.querySelector("[data-row]:not([hidden])");
      if (group.element.tagName === "DETAILS") group.element.open = narrowed ? !group.element.hidden : group.unfolded;
    }
    said.textContent = narrowed ? `${shown} of ${rows.length} ${bar.dataset.noun}` : `${rows.length} ${bar.dataset.noun}`;
  }

  bar.addEventListener("input", apply);
  bar.hidden = false;
  apply();
}

// The clauses of another framework beside each specification: ids from a text in this page, one line for each row.
for (const bar of document.querySelectorAll("[data-clauses]")) {
  const rows = Array.from(document.getElementById(bar.dataset.clauses).querySelectorAll("[data-row]"));
  const chosen = bar.querySelector("select");
  const said = bar.querySelector("output");

  function show() {
    const table = bar.querySelector(`template[data-framework="${CSS.escape(chosen.value)}"]`);
    const lines = table ? table.content.textContent.split("\n") : [];
    rows.forEach((row, number) => {
      const head = row.querySelector("th");
      let place = head.querySelector(".clauses");
      if (!place && lines[number]) {
        place = document.createElement("span");
        place.className = "clauses id";
        head.append(place);
      }
      if (place) place.textContent = lines[number] || "";
    });
    const reached = lines.filter(Boolean).length;
    const name = chosen.selectedOptions[0].textContent;
    said.textContent = table
      ? `${name}: beside ${reached} of ${rows.length} specifications, ${table.dataset.note}. The results are those of the specifications, not of the clauses.`
      : "";
  }

  bar.addEventListener("input", show);
  bar.hidden = false;
  show();
}

// A link into a folded part unfolds it, and a filter that hides its target is no dead end.
function unfold() {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  for (let at = target; at; at = at.parentElement) {
    if (at.tagName === "DETAILS") at.open = true;
    at.hidden = false;
  }
  target.scrollIntoView();
}
addEventListener("hashchange", unfold);
unfold();

// On paper nothing is folded and nothing is filtered away.
let folded = [];
let hidden = [];
addEventListener("beforeprint", () => {
  folded = Array.from(document.querySelectorAll("details:not([open])"));
  hidden = Array.from(document.querySelectorAll("[data-row][hidden], [data-group][hidden]"));
  for (const element of folded) element.open = true;
  for (const element of hidden) element.hidden = false;
});
addEventListener("afterprint", () => {
  for (const element of folded) element.open = false;
  for (const element of hidden) element.hidden = true;
});
