#!/usr/bin/env node
import { processIo } from './io.ts';
import { runCli } from './run-cli.ts';

const io = processIo(process);
const code = await runCli(process.argv.slice(2), io);
await Promise.all([io.out.flush(), io.err.flush()]);
// Standard input may still be open, and would keep the process alive.
process.exit(code);
