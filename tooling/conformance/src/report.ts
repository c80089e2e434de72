import { fileURLToPath } from 'node:url';

import { runCommand } from './command.ts';

process.exitCode = runCommand(process.argv.slice(2), {
  root: fileURLToPath(new URL('../../../', import.meta.url)),
  // pnpm moves to the package's folder; a path is meant from where the user stands.
  directory: process.env['INIT_CWD'] ?? process.cwd(),
  print: (text) => process.stdout.write(text),
  complain: (text) => process.stderr.write(text),
});
