/** Says in one line what the lab lacks or what failed in it; whoever shows it leaves the stack trace out. */
export class LabError extends Error {
  override readonly name = 'LabError';
}
