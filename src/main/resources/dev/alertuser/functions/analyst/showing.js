/* What is shown, and what is said. */
const isFailed = row => isSettled(row) && ["failed", "deferred"].includes(row.outcome.outcome);
const outcomes = (q, name) => q.rows.filter(row => isSettled(row) && row.outcome.outcome === name).length;

function headline(q) {
  if (q.blocked) return q.blocked.title;
  if (q.trouble) return q.trouble.title;
  const all = q.rows.length;
  const settled = q.rows.filter(isSettled).length;
  if (settled === all) return `${count(outcomes(q, "found"), "user", "users")} found for ${count(all, "alert", "alerts")}`;
  if (q.stopped) return `Stopped: ${count(all - settled, "alert has", "alerts have")} no answer yet`;
  if (q.busy && !q.rows.some(row => row.outcome)) return `Asking for ${count(all, "alert", "alerts")} …`;
  return `${number.format(settled)} of ${count(all, "alert", "alerts")} answered, ${number.format(all - settled)} to come`;
}

function lead(q) {
  if (q.blocked || q.stopped) return "";
  const parts = [];
  const notFound = outcomes(q, "notFound");
  const failed = q.rows.filter(isFailed).length;
  if (notFound) parts.push(`${number.format(notFound)} not found.`);
  if (failed) parts.push(`${number.format(failed)} failed.`);
  const next = nextVisit(q);
  if (next !== null && !q.busy) parts.push(`The page asks again by itself ${inSeconds(next)}.`);
  return parts.join(" ");
}

function inSeconds(due) {
  const seconds = Math.ceil((due - Date.now()) / 1000);
  return seconds <= 0 ? "now" : `in ${lasting(seconds)}, at ${moment(due, true)}`;
}

function kind(q) {
  if (q.blocked || q.trouble) return "error";
  if (q.busy) return "busy";
  if (!q.rows.every(isSettled)) return "spent";
  return q.rows.some(isFailed) ? "spent" : "open";
}

function show() {
  const q = question;
  const notices = [q.blocked || (q.trouble && { level: "error", ...q.trouble })].filter(Boolean);
  at("state").hidden = false;
  at("answers").hidden = false;
  at("state").className = `state ${kind(q)}`;
  at("headline").textContent = headline(q);
  at("notices").replaceChildren(...notices.map(({ level, action, link }) => noticeItem({ level, title: "What to do", action, link })));
  const waits = !q.rows.every(isSettled) && !q.stopped && !q.blocked;
  at("stop").hidden = !waits;
  at("again").hidden = q.busy || !(q.stopped || q.blocked || q.trouble || (!waits && q.rows.some(isFailed)));
  at("again").textContent = q.trouble && !q.stopped ? "Try again now" : "Ask again";
  at("copies").querySelectorAll("button").forEach(button => { button.disabled = !q.rows.some(row => row.outcome); });
  at("copy-entities").disabled = q.accounts.size === 0;
  tick();
}

/* What changes while nothing happens. */
function tick() {
  if (!question || document.hidden) return;
  at("lead").textContent = lead(question);
  const rests = question.stopped || question.blocked || question.trouble;
  let place = 0;
  question.rows.filter(row => row.state === "waiting").forEach(row => {
    row.turn.textContent = rests ? "" : turnText(row, isInLine(row) ? ++place : 0);
  });
}

function turnText({ due }, place) {
  if (!place) return `Asked again ${inSeconds(due)}.`;
  return place > PLACES ? "Gets its turn when some of those above have their answer." : `Its turn comes ${inSeconds(due)}.`;
}

function newRow(row) {
  row.element = node("tr");
  showRow(row);
  return row.element;
}

function showRow(row) {
  const id = node("th");
  id.scope = "row";
  row.id.split(/(?<=_)/).forEach(part => id.append(part, node("wbr")));
  const user = row.outcome?.outcome === "found" && row.outcome.user;
  row.element.replaceChildren(id, ...(user ? userCells(row.outcome) : [statusCell(row)]));
}

function statusCell(row) {
  const cell = node("td");
  cell.colSpan = 3;
  const { tone, title, action } = status(row);
  row.turn = node("span");
  cell.append(node("span", title, `badge ${tone}`), " ", row.turn, node("small", action));
  return cell;
}

function status({ state, outcome }) {
  if (state === "new" || !outcome) return { tone: "", title: "No answer yet", action: "" };
  if (outcome.outcome === "notFound") {
    return { tone: "", title: "Not found", action: `Defender knows no such alert, or no user for it. ${outcome.hint || ""}`.trim() };
  }
  const tone = state === "waiting" ? "info" : "error";
  const { title, action } = words(outcome.error, "Failed");
  const target = outcome.error?.target;
  return { tone, title: state === "settled" && outcome.outcome === "deferred" ? "Given up" : title,
    action: target ? `${action} Defender's id of the call: ${target}` : action };
}

function userCells({ user, account }) {
  const who = node("td");
  who.append(node("strong", accountName(user)));
  if (user.accountSid) who.append(node("small", user.accountSid, "sid"));
  const known = node("td");
  flags(user, account).forEach(([text, tone]) => known.append(node("span", text, `badge ${tone}`), " "));
  known.append(...[logonTypes(user), machines(user)].filter(Boolean).map(text => node("small", text)));
  const seen = node("td");
  const times = node("dl", undefined, "seen");
  times.append(node("dt", "last"), timeOf(user.lastSeen), node("dt", "first"), timeOf(user.firstSeen));
  seen.append(times);
  return [who, known, seen];
}

/* DOMAIN\name, the name alone if it has a domain of its own or there is none, or whatever names the user. */
function accountName(user) {
  const name = user.accountName || user.id || user.accountSid || "A user without a name";
  return user.accountName && user.accountDomain && !/[\\@]/.test(name) ? `${user.accountDomain}\\${name}` : name;
}

function flags(user, account) {
  return [
    user.isDomainAdmin === true && ["Domain admin", "warning"],
    user.isOnlyNetworkUser === true && ["Network only", ""],
    account?.builtIn === true && ["Built-in account", ""],
    account?.machine === true && ["Machine account", ""],
  ].filter(Boolean);
}

function logonTypes(user) {
  return user.logonTypes ? String(user.logonTypes).split(/\s*,\s*/).join(", ") : "";
}

function machines(user) {
  return Number.isInteger(user.logOnMachinesCount) ? count(user.logOnMachinesCount, "machine", "machines") : "";
}

const local = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short", hourCycle: "h23" });
const utc = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short", hourCycle: "h23", timeZone: "UTC" });

function timeOf(iso) {
  const cell = node("dd");
  const date = new Date(iso ?? NaN);
  if (Number.isNaN(date.getTime())) {
    cell.textContent = iso || "–";
    return cell;
  }
  const time = node("time");
  time.dateTime = date.toISOString();
  showTime(time);
  cell.append(time);
  return cell;
}

function showTime(time) {
  const date = new Date(time.dateTime);
  const inUtc = `${utc.format(date)} UTC`;
  time.textContent = at("utc").checked ? inUtc : local.format(date);
  time.title = at("utc").checked ? local.format(date) : inUtc;
}

/* Announcements: at once what a person waits for, else now and then. */
const QUIET_MS = 20000;
let lastAnnouncement = 0;

function announce(text) {
  lastAnnouncement = Date.now();
  at("announcement").textContent = text;
}

function announceQuietly(text) {
  if (Date.now() - lastAnnouncement > QUIET_MS) announce(text);
}

