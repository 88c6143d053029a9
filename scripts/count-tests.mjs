// Prints the sum of what several runs of vitest report in JSON: `N passed, N failed, N skipped`. Ends with 1 unless all passed.
import { readFileSync } from 'node:fs';

const results = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, 'utf8')));
const sum = (key) => results.reduce((total, result) => total + result[key], 0);
const [failed, skipped] = [sum('numFailedTests'), sum('numPendingTests') + sum('numTodoTests')];
console.log(`${sum('numPassedTests')} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed + skipped === 0 ? 0 : 1;
