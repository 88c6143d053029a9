export { type ContractCase, transportContract } from './contract.js';
export { guestContract } from './guest-contract.js';
export type { MockGuest, MockGuestNic, MockGuestOptions } from './guest-state.js';
export { type Fault, type MockCall, type MockOptions, MockTransport, mockTransport } from './mock.js';
export type { MockFilter, MockNetwork, MockState } from './state.js';
