import { OperationError } from '../errors/index.js';

/** libvirt's number for a function that the driver of the URI does not have. */
const NO_SUPPORT = 3;

/** Waits for an answer, and says what to do where the driver of the URI has no such function. */
export async function withDriverHint<T>(answer: Promise<T>, hint: string): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof OperationError) || error.libvirtNumber !== NO_SUPPORT) throw error;
    throw new OperationError(error.code, error.message, { ...detailsOf(error), hint, cause: error });
  }
}

const detailsOf = ({ operation, network, libvirtMessage, libvirtNumber }: OperationError) => ({
  ...{ operation, network, libvirtMessage, libvirtNumber },
});
