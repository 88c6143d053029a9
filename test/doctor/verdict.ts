import type { Diagnosis, Finding } from 'libvirt-network/doctor';
import type { Expected } from './recipes/recipe.js';

/** The first finding as far as it is expected; what its proof says in place of a part that it lacks. */
export function named({ findings }: Diagnosis, expected: Expected): object | undefined {
  const [first] = findings;
  if (first === undefined || expected?.proof === undefined) return first && { id: first.id };
  const { proof } = expected;
  const has = first.evidence.some(({ text }) => text.includes(proof));
  return { id: first.id, proof: has ? proof : textsOf(first) };
}

const textsOf = ({ evidence }: Finding): readonly string[] => evidence.map(({ text }) => text);
