/* One request to the app, and what it answers. */
const AS_ANALYST = document.documentElement.dataset.asks === "me";
const ADDRESS = AS_ANALYST ? "me/alerts/users" : "alerts/users";
const KEY = new URLSearchParams(location.search).get("code");
/* The app serves an alert within 5 s of its turn, so the page waits that long for a permit. */
const WAIT_SECONDS = 5;
const TIMEOUT_MS = 60000;

/* { results, accounts } of an answer, { status, code } of a refusal, or {} if there is neither. */
async function answerTo(q, ids) {
  try {
    const answer = await post(q, ids);
    if (answer.code !== "SignInExpired" || !await isRefreshed()) return answer;
    return await post(q, ids);
  } catch {
    return {};
  }
}

async function post(q, ids) {
  q.controller = new AbortController();
  const timeout = setTimeout(() => q.controller.abort(), TIMEOUT_MS);
  const headers = { "Content-Type": "application/json", Accept: "application/json", Prefer: `wait=${WAIT_SECONDS}` };
  if (KEY && !AS_ANALYST) headers["x-functions-key"] = KEY;
  try {
    /* Without cache: "no-store", for which the browser sends Cache-Control: no-cache, and the app asks Defender anew. */
    const response = await fetch(ADDRESS, {
      method: "POST", headers, body: JSON.stringify({ alertIds: ids }), redirect: "manual", signal: q.controller.signal,
    });
    return response.ok ? readAnswer(await response.json(), response) : await readRefusal(response);
  } finally {
    clearTimeout(timeout);
  }
}

function readAnswer(body, response) {
  return Array.isArray(body.results) ? {
    results: new Map(body.results.filter(outcome => outcome.alertId).map(outcome => [outcome.alertId, outcome])),
    skipped: new Map((body.skipped || []).map(part => [part.alertId, part])),
    accounts: body.accounts || [],
    retryAfterSeconds: retryAfter(response),
  } : {};
}

/* The platform's sign-in may send one that is not signed in to its own page instead of an error. */
async function readRefusal(response) {
  if (response.type === "opaqueredirect") return { status: 401, code: "SignInRequired" };
  const error = (await response.json().catch(() => null))?.error;
  const fallback = AS_ANALYST && response.status === 401 ? "SignInRequired" : "";
  return {
    status: response.status,
    code: error?.code || fallback,
    message: error?.message || "",
    retryAfterSeconds: retryAfter(response),
    claims: claims(response.headers.get("WWW-Authenticate")),
  };
}

function retryAfter(response) {
  return Number(response.headers.get("Retry-After")) || 0;
}

/* What Conditional Access wants, as JSON text; empty if it says nothing that can be read. */
function claims(challenge) {
  const encoded = challenge?.match(/claims="([^"]+)"/)?.[1];
  if (!encoded) return "";
  try {
    const bytes = atob(encoded.replaceAll("-", "+").replaceAll("_", "/"));
    const text = new TextDecoder().decode(Uint8Array.from(bytes, char => char.charCodeAt(0)));
    return JSON.stringify(JSON.parse(text));
  } catch {
    return "";
  }
}

async function isRefreshed() {
  const response = await fetch("/.auth/refresh", { cache: "no-store", redirect: "manual" });
  return response.ok;
}

