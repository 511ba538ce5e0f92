/* What all pages share. */
const at = id => document.getElementById(id);
const number = new Intl.NumberFormat();
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const clockWithSeconds =
  new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const day = new Intl.DateTimeFormat(undefined, { weekday: "short", day: "numeric", month: "short" });

function count(n, one, many) {
  return `${number.format(n)} ${n === 1 ? one : many}`;
}

function lasting(seconds) {
  if (seconds < 90) return `${Math.round(seconds * 10) / 10} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${String(minutes % 60).padStart(2, "0")} min` : `${Math.round(hours / 24)} days`;
}

function moment(iso, withSeconds) {
  const date = new Date(iso);
  const time = (withSeconds ? clockWithSeconds : clock).format(date);
  return date.toDateString() === new Date().toDateString() ? time : `${day.format(date)}, ${time}`;
}

function node(name, text, className) {
  const element = document.createElement(name);
  if (text !== undefined) element.textContent = text;
  if (className) element.className = className;
  return element;
}

/* link is { text, href }, or nothing. */
function noticeItem({ level, title, action, link }) {
  const item = node("li", undefined, `notice ${level}`);
  item.append(node("strong", title), action);
  if (link) {
    const anchor = node("a", link.text);
    anchor.href = link.href;
    item.append(node("br"), anchor);
  }
  return item;
}

/* The other page takes the key of this one along, if it has one. */
function linkOtherPage() {
  const key = new URLSearchParams(location.search).get("code");
  if (key) at("other-page").search = new URLSearchParams({ code: key });
}
linkOtherPage();

