const INTERVAL_MS = 5000;
const TIMEOUT_MS = 20000;
const SVG = "http://www.w3.org/2000/svg";
const HEADLINES = {
  open: "Calls go through",
  spent: "The budget is spent for the moment",
  paused: "All calls pause",
};
let timer;
let announced = "";
let lastUpdate = "";
let refreshes = 0;

function shape(name, attributes, text) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  return element;
}

function fact(id, text, small, bad) {
  at(id).replaceChildren(text, node("small", small || ""));
  at(id).classList.toggle("bad", Boolean(bad));
}

function showState(kind, headline, lead, notices) {
  at("state").className = `state ${kind}`;
  at("headline").textContent = headline;
  at("lead").textContent = lead;
  at("notices").replaceChildren(...notices.map(noticeItem));
  const words = [headline, ...notices.map(notice => notice.title)].join(". ");
  if (words !== announced) {
    announced = words;
    at("announcement").textContent = words;
  }
}

function lead(budget) {
  if (budget.pause) {
    return `They resume at ${moment(budget.pause.at, true)}, in ${lasting(budget.pause.seconds)}.`;
  }
  if (budget.state === "spent") {
    const next = budget.nextPermit.interactive;
    return `The next one is free at ${moment(next.at, true)}, in ${lasting(next.seconds)}.`;
  }
  return budget.windows
    .map(w => `${number.format(w.free.interactive)} of ${number.format(w.limit)} left ${windowName(w) === w.name ? "this" : "in"} ${windowName(w)}`)
    .join(", ") + ".";
}

function windowName(w) {
  return ["minute", "hour", "day"].includes(w.name) ? w.name : lasting(w.seconds);
}

/* A half circle from left to right; share goes from 0 to 1. */
function arc(from, to, className) {
  const point = share => {
    const angle = Math.PI * (1 - share);
    return `${(120 + 96 * Math.cos(angle)).toFixed(2)} ${(118 - 96 * Math.sin(angle)).toFixed(2)}`;
  };
  return shape("path", { class: className, d: `M ${point(from)} A 96 96 0 0 1 ${point(to)}` });
}

function mark(share) {
  const angle = Math.PI * (1 - share);
  const point = r => `${(120 + r * Math.cos(angle)).toFixed(2)} ${(118 - r * Math.sin(angle)).toFixed(2)}`;
  return shape("path", { class: "mark", d: `M ${point(86)} L ${point(110)}` });
}

/* What is neither used nor left is reserved or promised. */
function gauge(w, ahead) {
  const svg = shape("svg", { viewBox: "0 0 240 134", class: "gauge", "aria-hidden": "true", focusable: "false" });
  const interactive = Math.min(1, w.used.interactive / w.limit);
  const all = Math.min(1, (w.used.interactive + w.used.backlog) / w.limit);
  const taken = Math.min(1, Math.max(all, Math.min(1 - w.free.interactive / w.limit, all + ahead / w.limit)));
  svg.append(arc(0, 1, "track"));
  if (interactive > 0) svg.append(arc(0, interactive, "interactive"));
  if (all > interactive) svg.append(arc(interactive, all, "backlog"));
  if (taken > all) svg.append(arc(all, taken, "ahead"));
  if (w.reserve > 0) svg.append(mark(1 - w.reserve / w.limit));
  svg.append(
    shape("text", { class: "big", x: 120, y: 104 }, number.format(w.free.interactive)),
    shape("text", { class: "small", x: 120, y: 126 }, `of ${number.format(w.limit)} left`));
  return svg;
}

function windowCard(w, ahead) {
  const card = node("article", undefined, "card");
  const used = w.used.interactive + w.used.backlog;
  const name = windowName(w);
  const facts = node("dl");
  const line = (term, value) => facts.append(node("dt", term), node("dd", value));
  line("Used", `${number.format(used)} of ${number.format(w.limit)}`);
  line("– by interactive callers", number.format(w.used.interactive));
  line("– by the queue", number.format(w.used.backlog));
  line("Left for the queue", number.format(w.free.backlog));
  line("More are left", w.resetSeconds === 0 ? "–" : `in ${lasting(w.resetSeconds)}`);
  card.append(
    node("h3", name === w.name ? `This ${name}` : `In ${name}`),
    gauge(w, ahead),
    node("p", `${number.format(w.free.interactive)} of ${number.format(w.limit)} calls left`, "unseen"),
    facts);
  return card;
}

function showQueues(budget) {
  const { queues, forecast } = budget;
  if (!queues) {
    ["requests", "poison", "results"].forEach(id => fact(id, "unknown", "The queues are out of reach.", true));
    return;
  }
  const { requests, poison, results } = queues;
  const oldest = requests.oldestSeconds === null ? "" : `; the oldest has waited ${lasting(requests.oldestSeconds)}`;
  fact("requests", number.format(requests.messages), forecast
    ? `${forecast.messages === 1 ? "It" : `A backlog of ${number.format(forecast.messages)}`}`
      + ` clears at ${moment(forecast.at, forecast.seconds < 600)} if no other calls are made${oldest}.`
    : "No request waits.");
  fact("poison", number.format(poison.messages),
    poison.messages ? "Failed five times, without a result yet." : "No request has failed permanently.", poison.messages > 0);
  fact("results", number.format(results.messages), results.name);
}

function next(id, permit) {
  if (permit.seconds === 0) fact(id, "now");
  else fact(id, `in ${lasting(permit.seconds)}`, `at ${moment(permit.at, true)}`);
}

function showAhead({ reserved, line }) {
  const waiting = [];
  if (reserved.interactive > 0) waiting.push(count(reserved.interactive, "caller", "callers"));
  if (reserved.backlog > 0) waiting.push(count(reserved.backlog, "queued request", "queued requests"));
  const all = reserved.interactive + reserved.backlog;
  fact("reserved", number.format(all),
    all === 0 ? "Nobody waits for a call." : `${waiting.join(" and ")} ${all === 1 ? "waits" : "wait"} for the moment of a call.`);
  fact("promised", number.format(line.promised), line.last
    ? `${count(line.promised, "alert is", "alerts are")} in line; the last is due at ${moment(line.last.at, true)}.`
    : "Nobody is in line.");
  at("place").textContent = askedFor() ? placeText(line.place) : "";
}

function placeText(place) {
  if (!place) return "This alert has no place in line.";
  return place.seconds === 0 ? "Its turn has come: ask for the alert again now."
    : `Number ${number.format(place.position)} in line, due at ${moment(place.at, true)}, in ${lasting(place.seconds)}.`;
}

function showCache(stats) {
  const lookups = stats.hits + stats.misses;
  fact("cache",
    lookups === 0 ? "–" : `${Math.round(stats.hitRate * 100)} %`,
    lookups === 0
      ? "No lookups on this instance yet."
      : `${number.format(stats.hits)} of ${count(lookups, "lookup", "lookups")} on this instance`);
}

function stepText(step) {
  return `${number.format(step.interactive)} interactive, ${number.format(step.backlog)} queue`;
}

function showHistory(history, longest) {
  const { steps, limit, stepSeconds } = history;
  const small = window.matchMedia("(max-width: 34rem)").matches;
  const left = 40, right = small ? 416 : 956, top = 20, bottom = 252;
  const withSeconds = stepSeconds % 60 !== 0;
  const highest = Math.max(limit, ...steps.map(s => s.interactive + s.backlog));
  const y = value => bottom - value / highest * (bottom - top);
  const width = (right - left) / steps.length;
  const chart = at("chart");
  chart.setAttribute("viewBox", `0 0 ${right + 4} 280`);
  chart.replaceChildren();
  for (const share of [0, 0.5]) {
    const value = Math.round(limit * share);
    chart.append(
      shape("line", { x1: left, x2: right, y1: y(value), y2: y(value) }),
      shape("text", { x: left - 8, y: y(value) + 4, "text-anchor": "end" }, number.format(value)));
  }
  const every = Math.max(1, Math.round(steps.length / (small ? 3 : 6)));
  steps.forEach((step, i) => {
    const x = left + i * width;
    const bar = Math.max(1, width * 0.72);
    const group = shape("g", {});
    group.append(
      shape("title", {}, `${moment(step.from, withSeconds)}: ${stepText(step)}`),
      shape("rect", { class: "hit", x, y: top, width, height: bottom - top }));
    let base = 0;
    for (const name of ["interactive", "backlog"]) {
      if (step[name] > 0) {
        const height = y(base) - y(base + step[name]);
        group.append(shape("rect", { class: name, x: x + (width - bar) / 2, y: y(base + step[name]), width: bar, height }));
        base += step[name];
      }
    }
    chart.append(group);
    if (i % every === 0 && i + every / 2 <= steps.length) {
      chart.append(shape("text", { x, y: bottom + 20 }, moment(step.from, withSeconds)));
    }
  });
  chart.append(
    shape("line", { class: "limit", x1: left, x2: right, y1: y(limit), y2: y(limit) }),
    shape("text", { class: "limit", x: right, y: y(limit) - 7, "text-anchor": "end" },
      `limit ${number.format(limit)}`));
  const sum = name => steps.reduce((total, step) => total + step[name], 0);
  const length = stepSeconds === 60 ? "minute" : lasting(stepSeconds);
  const most = Math.max(...steps.map(s => s.interactive + s.backlog));
  at("history-title").textContent = `Calls of the last ${windowName(longest)}`;
  at("chart-text").textContent =
    `${number.format(sum("interactive"))} by interactive callers and ${number.format(sum("backlog"))} by the queue.`
    + ` Each bar is one ${length}; the fullest has ${number.format(most)} of ${number.format(limit)}.`;
  at("rows").replaceChildren(...[...steps].reverse().map(step => {
    const row = node("tr");
    const from = node("th", moment(step.from, withSeconds));
    from.scope = "row";
    row.append(from, node("td", number.format(step.interactive)), node("td", number.format(step.backlog)));
    return row;
  }));
}

function show(budget) {
  const worst = budget.notices.some(notice => notice.level === "error") ? "error" : budget.state;
  showState(worst, HEADLINES[budget.state], lead(budget), budget.notices);
  const { reserved, line, nextPermit } = budget;
  const ahead = reserved.interactive + reserved.backlog + line.promised;
  at("windows").replaceChildren(...budget.windows.map(w => windowCard(w, ahead)));
  next("next-interactive", nextPermit.interactive);
  next("next-backlog", nextPermit.backlog);
  showAhead(budget);
  showQueues(budget);
  showCache(budget.keptAnswers);
  showHistory(budget.history, budget.windows[budget.windows.length - 1]);
  lastUpdate = clockWithSeconds.format(new Date());
  at("updated").textContent = `Updated ${lastUpdate}`;
  at("data").hidden = false;
  at("data").classList.remove("stale");
}

function showFailure(title, action) {
  showState("error", title, "", [{ level: "error", title: "What to do", action }]);
  at("data").classList.add("stale");
  at("updated").textContent = lastUpdate ? `Last updated ${lastUpdate}` : "Not updated yet";
}

async function refusal(response) {
  if (response.status === 401 || response.status === 403) {
    return ["The function key is missing or wrong", "Open this page with ?code= and a function key of this app."];
  }
  const body = await response.json().catch(() => ({}));
  const code = body.error?.code;
  const title = code === "BudgetUnavailable" ? "No calls are made: the budget is out of reach"
    : `The app answered ${response.status}${code ? `, ${code}` : ""}`;
  return [title, body.error?.message || "See the app's log."];
}

function askedFor() {
  return new URLSearchParams(location.search).get("alertId") || "";
}

async function refresh() {
  clearTimeout(timer);
  const turn = ++refreshes;
  const isLatest = () => turn === refreshes;
  try {
    const response = await fetch(location.href, {
      headers: { Accept: "application/json" },
      cache: "no-store",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const budget = response.ok && await response.json();
    const failure = !response.ok && await refusal(response);
    if (!isLatest()) return;
    if (budget) show(budget);
    else showFailure(...failure);
  } catch (failure) {
    if (!isLatest()) return;
    showFailure("The app does not answer",
      "This page keeps trying. If this lasts, check that the app runs and that this device is online.");
  }
  if (!document.hidden) timer = setTimeout(refresh, INTERVAL_MS);
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) refresh();
  else clearTimeout(timer);
});
at("ask").addEventListener("submit", event => {
  event.preventDefault();
  const address = new URL(location.href);
  const alertId = at("alert-id").value.trim();
  if (alertId) address.searchParams.set("alertId", alertId);
  else address.searchParams.delete("alertId");
  history.replaceState(null, "", address);
  refresh();
});
at("alert-id").value = askedFor();
refresh();
