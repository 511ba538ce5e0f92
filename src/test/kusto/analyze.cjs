'use strict';
// node analyze.cjs MODULES DATABASE QUERY...: prints a line for each finding of Microsoft's own language service in the files QUERY.
// DATABASE is a JSON file: the columns of each table, as in {"AppTraces": "(TimeGenerated: datetime, Message: string)"}.
const fs = require('fs');
const path = require('path');
const vm = require('vm');

const [modules, database, ...queries] = process.argv.slice(2);
// The two scripts share globals, as in a browser; require() would give each its own.
for (const script of ['bridge.min.js', 'Kusto.Language.Bridge.min.js']) {
  const file = path.join(modules, '@kusto', 'language-service-next', script);
  vm.runInThisContext(fs.readFileSync(file, 'utf8'), { filename: file });
}

const { GlobalState, KustoCode, Symbols } = Kusto.Language;
const tables = Object.entries(JSON.parse(fs.readFileSync(database, 'utf8')))
  .map(([name, columns]) => new Symbols.TableSymbol.$ctor7(name, columns, null));
const globals = GlobalState.Default.WithDatabase(new Symbols.DatabaseSymbol.ctor('workspace', tables));

for (const query of queries) {
  const text = fs.readFileSync(query, 'utf8');
  const findings = KustoCode.ParseAndAnalyze(text, globals).GetDiagnostics();
  for (let i = 0; i < findings.Count; i++) {
    const finding = findings.getItem(i);
    const line = text.slice(0, finding.Start).split('\n').length;
    console.log(`${finding.Severity} ${finding.Code} in line ${line} of ${path.basename(query)}: ${finding.Message}`);
  }
}
