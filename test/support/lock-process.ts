// A program that takes a lock and releases it: nothing else keeps it alive.
import { ovsdb } from '../../src/ovn/index.js';

const database = ovsdb({ endpoints: process.argv[2] ?? '' });
const lock = await database.lock('alone');
await lock.release();
console.log('released');
