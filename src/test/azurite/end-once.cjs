// Loaded before Azurite, which ends in order, and once, when the JVM that started it says so (SIGTERM) or is gone, however it went:
// standard input is a pipe from that JVM. Without such a pipe Azurite ends as it does anyway.
const { fstatSync } = require("node:fs");

const input = fstatSync(0);
if (input.isFIFO() || input.isSocket()) {
  followParent();
}

function followParent() {
  let ending = false;
  process.once("SIGTERM", () => {
    ending = true;
    if (process.listenerCount("SIGTERM") === 0) {
      process.exit(1); // not started yet, nothing to save
    }
    // Asked a second time, it would break off while it saves its data.
    process.on("SIGTERM", () => {});
  });

  // Ctrl-C reaches Azurite, too, but the app needs it until the last call has ended: the JVM says when.
  const ignore = () => {};
  process.on("SIGINT", ignore);
  process.on("newListener", (name, listener) => {
    if (name === "SIGINT" && listener !== ignore) {
      process.nextTick(() => process.removeListener(name, listener));
    }
  });

  process.stdin.on("end", () => ending || process.kill(process.pid, "SIGTERM"));
  process.stdin.resume().unref();
}
