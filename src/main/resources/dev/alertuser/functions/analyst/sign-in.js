/* The sign-in: the ids, and nothing else, outlive the way to it and back. */
const STORED_IDS = "alert-ids";

function signInLink({ code, claims: wanted }) {
  if (!AS_ANALYST || !SIGN_IN_HELPS.includes(code)) return null;
  const query = new URLSearchParams({ post_login_redirect_uri: location.pathname });
  if (wanted) query.set("claims", wanted);
  return { text: "Sign in", href: `/.auth/login/aad?${query}` };
}

function keepIds(ids) {
  try {
    sessionStorage.setItem(STORED_IDS, JSON.stringify(ids));
  } catch { /* The browser keeps nothing for this page: the ids have to be pasted again. */ }
}

function forgetIds() {
  try {
    sessionStorage.removeItem(STORED_IDS);
  } catch { /* There is nothing to forget. */ }
}

function restoredIds() {
  try {
    const ids = JSON.parse(sessionStorage.getItem(STORED_IDS) || "[]");
    forgetIds();
    return ids.filter(id => ID.test(id)).slice(0, MOST_ALERTS);
  } catch {
    return [];
  }
}

