/* The question: which alerts are asked for, and when again. */

/* The app holds so many places in line for one request; more ids let it go on when some are served at once. */
const PLACES = 25;
const IDS_OF_A_VISIT = 2 * PLACES;
const SHORTEST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 300000;
const LONGEST_SILENCE_MS = 60000;
const USUAL_PAUSE_SECONDS = 30;
const MOST_TRIES = 10;

let question = null;

function newQuestion(ids) {
  return {
    /* A row is new, waiting or settled; due is the time to ask for it again; tries count calls in vain. */
    rows: ids.map(id => ({ id, state: "new", due: 0, tries: 0 })),
    accounts: new Map(),
    busy: false, stopped: false, blocked: null, trouble: null, troubles: 0,
  };
}

function ask(ids) {
  if (question) {
    clearTimeout(question.timer);
    question.controller?.abort();
  }
  question = newQuestion(ids);
  at("rows").replaceChildren(...question.rows.map(newRow));
  at("by-hand").hidden = true;
  announce(`Asking for ${count(ids.length, "alert", "alerts")}`);
  visit(question);
}

const isSettled = row => row.state === "settled";
const isInLine = row => row.state === "waiting" && row.outcome.error?.code === "BudgetExhausted";

/* Whoever is in line is asked in the order of the list: so the app finds the places that it keeps before it takes others. */
function rowsDue(q, now) {
  const open = q.rows.filter(row => row.state === "new");
  if (open.length) return open;
  const lineMoves = q.rows.some(row => isInLine(row) && row.due <= now);
  return q.rows
    .filter(row => row.state === "waiting" && (isInLine(row) ? lineMoves : row.due <= now))
    .slice(0, IDS_OF_A_VISIT);
}

async function visit(q) {
  clearTimeout(q.timer);
  if (q !== question || q.busy || q.stopped || q.blocked) return;
  const rows = rowsDue(q, Date.now());
  if (!rows.length) {
    schedule(q);
    return;
  }
  q.busy = true;
  show();
  const answer = await answerTo(q, rows.map(row => row.id));
  if (q !== question) return;
  q.busy = false;
  if (answer.results) take(q, rows, answer);
  else if (answer.status) refused(q, answer);
  else lost(q);
  schedule(q);
  show();
}

function take(q, rows, answer) {
  q.trouble = null;
  q.troubles = 0;
  forgetIds();
  answer.accounts.forEach(account => q.accounts.set(JSON.stringify(account), account));
  rows.forEach(row => settle(row, answer));
  const line = rows.filter(isInLine);
  if (line.length) {
    const next = Math.min(...line.map(row => row.due));
    q.rows.filter(row => isInLine(row) && !rows.includes(row)).forEach(row => { row.due = Math.max(row.due, next); });
  }
  if (!q.rows.every(isSettled)) announceQuietly(headline(q));
  else announce(headline(q));
}

function settle(row, answer) {
  const skipped = answer.skipped.get(row.id);
  row.outcome = answer.results.get(row.id)
    || { outcome: "failed", error: { message: skipped?.message || "The app's answer lacks this alert. Ask again." } };
  row.state = row.outcome.outcome === "deferred" && row.tries < MOST_TRIES ? "waiting" : "settled";
  if (row.state === "waiting") row.due = Date.now() + pause(row, answer);
  showRow(row);
}

/* A place in line costs no call to Defender. Any other try may cost one that another caller needs, so they become rare and end. */
function pause(row, answer) {
  const asked = 1000 * (row.outcome.retryAfterSeconds || answer.retryAfterSeconds || USUAL_PAUSE_SECONDS);
  return isInLine(row) ? asked : backoff(asked, row.tries++, LONGEST_PAUSE_MS);
}

function backoff(first, times, longest) {
  return Math.max(first, Math.min(longest, first * 2 ** times));
}

function refused(q, refusal) {
  const { title, action } = refusalWords(refusal);
  const passes = (refusal.status >= 500 || [408, 429].includes(refusal.status)) && !WAITING_DOES_NOT_HELP.includes(refusal.code);
  if (passes) {
    const first = 1000 * (refusal.retryAfterSeconds || 2);
    q.trouble = { title, action, due: Date.now() + backoff(first, q.troubles++, LONGEST_PAUSE_MS) };
  } else {
    q.blocked = { level: "error", title, action, link: signInLink(refusal) };
    if (q.blocked.link) keepIds(q.rows.map(row => row.id));
  }
  if (!passes || q.troubles === 1) announce(title);
}

function lost(q) {
  q.trouble = {
    title: "The connection to the app is lost",
    action: "What is shown stays, and no alert is lost. The page tries again by itself; check that this device is online.",
    due: Date.now() + backoff(2000, q.troubles++, LONGEST_SILENCE_MS),
  };
  if (q.troubles === 1) announce(q.trouble.title);
}

function schedule(q) {
  clearTimeout(q.timer);
  const next = nextVisit(q);
  if (next === null || q.busy || q.stopped || q.blocked) return;
  q.timer = setTimeout(() => visit(q), Math.max(SHORTEST_PAUSE_MS, next - Date.now()));
}

/* Null if all alerts are settled. */
function nextVisit(q) {
  const open = q.rows.filter(row => !isSettled(row));
  if (!open.length) return null;
  return q.trouble ? q.trouble.due : Math.min(...open.map(row => row.due));
}

function askAgain() {
  const q = question;
  q.stopped = false;
  q.blocked = null;
  if (q.trouble) q.trouble.due = 0;
  if (q.rows.every(isSettled)) q.rows.filter(isFailed).forEach(row => { row.state = "new"; row.tries = 0; showRow(row); });
  at("headline").focus();
  visit(q);
}

function stop() {
  question.stopped = true;
  clearTimeout(question.timer);
  at("headline").focus();
  announce("Stopped");
  show();
}

