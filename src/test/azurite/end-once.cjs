// Loaded before Azurite. Its standard input is a pipe from the JVM that started it: when that JVM is gone, however it went,
// so is Azurite. And it saves its data once: asked a second time (Ctrl-C reaches it, then the JVM's SIGTERM), it would break off.
const SIGNALS = ["SIGINT", "SIGTERM"];
let ending = false;

function end(signal) {
  ending = true;
  if (process.listenerCount(signal) === 0) {
    process.exit(1); // not started yet, nothing to save
  }
  for (const other of SIGNALS.filter((name) => name !== signal)) {
    process.removeAllListeners(other);
  }
  for (const name of SIGNALS) {
    process.on(name, () => {});
  }
}

for (const signal of SIGNALS) {
  process.once(signal, () => end(signal));
}
process.stdin.on("end", () => ending || process.kill(process.pid, "SIGTERM")).resume().unref();
