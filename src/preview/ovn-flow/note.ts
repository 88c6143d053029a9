import type { FlowStep } from '../flow/topology.js';

/** Adds a step to a flow. */
export type Note = (at: string, what: FlowStep['what'], text: string, kind?: FlowStep['kind']) => void;
