/* What a person pastes. */
const MOST_ALERTS = 500;
const SHOWN_WRONG = 5;
const ID = /^[A-Za-z0-9_-]{1,128}$/;
const SEPARATORS = /[\s,;|]+/;
const WRAPPING = /^["'<([{]+|["'>)\]}.]+$/g;
const LINK = /^[a-z][a-z0-9+.-]*:\/\/|^[\w-]+(\.[\w-]+)+\//i;
const PORTAL = /(^|\.)(security\.microsoft\.(com|us|cn)|securitycenter\.(windows|microsoft)\.(com|us))$/i;
const SAFE_LINKS = /\.safelinks\.protection\.(outlook\.com|office365\.us)$/i;
const NO_ID = "An alert id has 1 to 128 letters, digits, _ and - only.";

/* Each id once, in order, and what is none with its place. */
function read(text) {
  const ids = new Set();
  const wrong = [];
  let repeated = 0;
  text.split("\n").forEach((line, index) => {
    for (const word of line.split(SEPARATORS).map(part => part.replace(WRAPPING, "")).filter(Boolean)) {
      const { id, why } = readWord(word);
      if (why) wrong.push({ line: index + 1, word: shortened(word), why });
      else if (ids.has(id)) repeated++;
      else ids.add(id);
    }
  });
  return { ids: [...ids], wrong, repeated };
}

function readWord(word) {
  if (ID.test(word)) return { id: word };
  return LINK.test(word) ? readLink(word) : { why: NO_ID };
}

function readLink(word) {
  let link;
  let id;
  try {
    link = new URL(word.includes("://") ? word : `https://${word}`);
    id = decodeURIComponent(link.pathname.match(/\/alerts?\/([^/]+)/i)?.[1] ?? "");
  } catch {
    return { why: "This link is not complete." };
  }
  const wrapped = SAFE_LINKS.test(link.hostname) && link.searchParams.get("url");
  if (wrapped) return readLink(wrapped);
  if (!PORTAL.test(link.hostname)) return { why: "This link does not lead to the Defender portal." };
  if (ID.test(id)) return { id };
  return { why: /incident/i.test(link.pathname)
    ? "This is the link of an incident. Open the alert itself in the portal, and copy the link of its page."
    : "This link of the Defender portal names no alert." };
}

/* Without its query, which may hold what is not to be shown. */
function shortened(word) {
  const shown = word.split(/[?#]/)[0];
  return shown.length > 60 ? `${shown.slice(0, 59)}…` : shown;
}

function readingText({ ids, repeated, wrong }) {
  if (ids.length > MOST_ALERTS) {
    return `${count(ids.length, "alert", "alerts")}: at most ${MOST_ALERTS} can be asked at once.`;
  }
  const parts = [count(ids.length, "alert", "alerts")];
  if (repeated) parts.push(`${number.format(repeated)} repeated`);
  if (wrong.length) parts.push(`${number.format(wrong.length)} left out`);
  return `${parts.join(", ")}.`;
}

function showReading() {
  const text = at("alerts").value;
  const reading = read(text);
  at("reading").textContent = text.trim() ? readingText(reading) : "Several at once: in lines, with spaces or commas. Ctrl+Enter asks.";
  showWrong(reading.wrong);
  at("alerts").removeAttribute("aria-invalid");
  return reading;
}

function showWrong(wrong) {
  const items = wrong.slice(0, SHOWN_WRONG).map(({ line, word, why }) => {
    const item = node("li", `Line ${number.format(line)}: `);
    item.append(node("code", word), ` ${why}`);
    return item;
  });
  if (wrong.length > SHOWN_WRONG) items.push(node("li", `And ${number.format(wrong.length - SHOWN_WRONG)} more.`));
  at("wrong").replaceChildren(...items);
  at("wrong").hidden = wrong.length === 0;
}

