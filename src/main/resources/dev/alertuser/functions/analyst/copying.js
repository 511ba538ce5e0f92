/* What is copied. */
function answered() {
  return question.rows.filter(row => row.outcome);
}

function asText() {
  return answered().map(({ id, outcome, state }) => {
    const { user, account } = outcome;
    if (!user) {
      const { title, action } = status({ state, outcome });
      return `${id}: ${title}. ${action}`;
    }
    const seen = user.lastSeen && `last seen ${user.lastSeen}`;
    const parts = [accountName(user), user.accountSid, ...flags(user, account).map(([text]) => text), logonTypes(user), seen];
    return `${id}: ${parts.filter(Boolean).join(", ")}`;
  }).join("\n");
}

const COLUMNS = ["accountSid", "isDomainAdmin", "isOnlyNetworkUser", "logonTypes", "logOnMachinesCount", "firstSeen",
  "lastSeen", "mostPrevalentMachineId", "leastPrevalentMachineId"];

function asCsv() {
  const lines = [["alertId", "outcome", "account", ...COLUMNS, "errorCode", "error"]];
  for (const { id, outcome } of answered()) {
    const { user, error } = outcome;
    lines.push([id, outcome.outcome, user ? accountName(user) : "", ...COLUMNS.map(name => user?.[name]), error?.code, error?.message]);
  }
  return lines.map(line => `${line.map(cell).join(",")}\r\n`).join("");
}

/* RFC 4180. A spreadsheet would take what begins like a formula for one. */
function cell(value) {
  const text = String(value ?? "");
  const safe = /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function asEntities() {
  return JSON.stringify([...question.accounts.values()], null, 2);
}

async function copy(text, what) {
  at("by-hand").hidden = true;
  try {
    await navigator.clipboard.writeText(text);
    announce(`${what} copied.`);
  } catch {
    at("copied").value = text;
    at("by-hand").hidden = false;
    at("copied").focus();
    at("copied").select();
    announce(`${what} selected. Copy with Ctrl+C.`);
  }
}

function copied(button, make, what) {
  at(button).addEventListener("click", () => copy(make(), what()));
}

const alertsCopied = form => count(answered().length, "alert", "alerts") + form;
copied("copy-text", asText, () => alertsCopied(" as text"));
copied("copy-csv", asCsv, () => alertsCopied(" as CSV"));
copied("copy-entities", asEntities, () => count(question.accounts.size, "Sentinel entity", "Sentinel entities"));

