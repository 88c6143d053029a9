// Prints what the package weighs, and fails above the budget.
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';

// Features that add to the library raise it, and say so in CHANGELOG.md.
const BUDGET = 2_420_000;

const output = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { encoding: 'utf8' });
const [{ size, unpackedSize, entryCount }] = JSON.parse(output);
console.log(`tarball: ${size} of ${BUDGET} bytes, ${unpackedSize} unpacked, ${entryCount} files`);
assert.ok(size <= BUDGET, 'the tarball is over its budget');
