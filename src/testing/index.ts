export { type ContractCase, transportContract } from './contract.js';
export { guestContract } from './guest-contract.js';
export type { MockGuest, MockGuestOptions } from './guest-state.js';
export { type Fault, type MockCall, type MockOptions, MockTransport, mockTransport } from './mock.js';
export type { MockNetwork, MockState } from './state.js';
