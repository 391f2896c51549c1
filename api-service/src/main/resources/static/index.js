const table = document.getElementById("experiments");
const rows = table.querySelector("tbody");
const message = document.getElementById("message");
const more = document.getElementById("more");
const state = document.getElementById("state");
const keyForm = document.getElementById("key-form");
const REFRESH_MS = 5000;
const reports = new Map(); // of failed experiments, which do not change any more
let pages = 1;

function say(text, wrong) {
  message.textContent = text;
  message.className = wrong ? "wrong" : "";
}

async function get(path) {
  const key = sessionStorage.getItem("goodhart-key");
  const response = await fetch(path, { headers: key ? { Authorization: "Bearer " + key } : {} });
  if (response.status === 401) {
    keyForm.hidden = false;
    throw new Error("This service asks for an API key.");
  }
  const body = await response.json();
  if (!response.ok) {
    throw new Error(body.detail || response.statusText);
  }
  keyForm.hidden = true;
  return body;
}

function cell(className, ...children) {
  const td = document.createElement("td");
  td.className = className;
  td.append(...children);
  return td;
}

function link(href, text) {
  const a = document.createElement("a");
  a.href = href;
  a.textContent = text;
  return a;
}

function urgency(experiment) {
  const open = experiment.state === "queued" || experiment.state === "running";
  return open && experiment.priority !== 0 ? ", priority " + experiment.priority : "";
}

// An experiment that failed has a report if some of its runs were measured.
async function hasReport(experiment) {
  if (experiment.state !== "failed") {
    return experiment.state === "succeeded";
  }
  if (!reports.has(experiment.id)) {
    reports.set(experiment.id, Boolean((await get("v1/experiments/" + experiment.id)).report));
  }
  return reports.get(experiment.id);
}

async function row(experiment) {
  const tr = document.createElement("tr");
  const path = "v1/experiments/" + experiment.id;
  const counts = experiment.tasks;
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const bar = document.createElement("progress");
  bar.max = total || 1;
  bar.value = counts.succeeded;
  bar.setAttribute("aria-label", "tasks done");
  const when = document.createElement("time");
  when.dateTime = experiment.created_at;
  when.textContent = new Date(experiment.created_at).toLocaleString();
  const answer = await hasReport(experiment)
    ? [link(path + "/report.html", "report"), " ", link(path + "/report.md", "md"), " ", link(path + "/report.csv", "csv")]
    : ["–"];
  tr.append(
    cell("name", link(path, experiment.name)),
    cell("state " + experiment.state, experiment.state + urgency(experiment)),
    cell("number", bar, counts.succeeded + " of " + total),
    cell("time", when),
    cell("answer", ...answer));
  return tr;
}

async function load() {
  const found = [];
  let page = { has_more: true };
  for (let i = 0; i < pages && page.has_more; i++) {
    const query = new URLSearchParams({ limit: "50" });
    if (state.value) query.set("state", state.value);
    if (found.length) query.set("after", found[found.length - 1].id);
    page = await get("v1/experiments?" + query);
    found.push(...page.data);
  }
  rows.replaceChildren(...await Promise.all(found.map(row)));
  table.hidden = found.length === 0;
  more.hidden = !page.has_more;
  say(found.length ? "" : "There are no experiments" + (state.value ? " in this state." : " yet."), false);
}

async function refresh() {
  try {
    await load();
  } catch (error) {
    say(error.message, true);
  }
}

async function keepFresh() {
  if (!document.hidden && keyForm.hidden) {
    await refresh();
  }
  setTimeout(keepFresh, REFRESH_MS);
}

state.addEventListener("change", refresh);
more.addEventListener("click", () => { pages++; refresh(); });
keyForm.addEventListener("submit", (event) => {
  event.preventDefault();
  sessionStorage.setItem("goodhart-key", document.getElementById("key").value);
  refresh();
});
keepFresh();
