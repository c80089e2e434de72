export { readExamples, type Example } from './read-examples.ts';
export { runExample, type RunOptions } from './run-example.ts';
