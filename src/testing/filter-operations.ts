import type { FilterOperations } from '../transport/filter-operations.js';
import type { Answers } from './answers.js';
import type { MockDriver } from './driver.js';

/** How the mock carries out each operation of network filters. */
export const filterAnswers = (_driver: MockDriver): Answers<keyof FilterOperations> => ({});
