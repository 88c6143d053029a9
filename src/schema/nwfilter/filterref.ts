import { attribute, type ElementTable, type Extra, element, many, optional } from '../element.js';
import { text } from '../scalar.js';

/** A value of a variable. Several values of one variable are several parameters of one name. */
export interface FilterParameter {
  /** Name of the variable, without `$`: letters, digits and _. libvirt drops a parameter with any other name. */
  readonly name?: string;
  /** The value: letters, digits and `_ . :`. libvirt drops a parameter with any other value. */
  readonly value?: string;
  readonly extra?: Extra;
}
export const filterParameterTable: ElementTable<FilterParameter> = element('parameter', {
  name: optional(attribute('name', text, { empty: 'value' })),
  value: optional(attribute('value', text, { empty: 'value' })),
});

/** `<filterref>`: a filter by its name, with values for its variables. */
export interface FilterReference {
  /** Name of the filter, which need not exist yet. */
  readonly filter: string;
  readonly parameters?: readonly FilterParameter[];
  readonly extra?: Extra;
}
export const filterReferenceTable: ElementTable<FilterReference> = element(
  'filterref',
  { filter: attribute('filter', text, { empty: 'value' }), parameters: optional(many(filterParameterTable)) },
  { anyNamespace: true },
);

/** Tells whether libvirt keeps a parameter; it drops others without a word. */
export const isKeptParameter = ({ name, value }: FilterParameter): boolean =>
  name !== undefined && /^[a-zA-Z0-9_]*$/.test(name) && value !== undefined && /^[a-zA-Z0-9_.:]+$/.test(value);

/** Returns the parameters as libvirt prints them: by name, the values of one name in their order. */
export function canonicalParameters(
  parameters: readonly FilterParameter[] | undefined,
): readonly FilterParameter[] | undefined {
  const kept = parameters?.filter(isKeptParameter) ?? [];
  if (kept.length === 0) return undefined;
  const names = [...new Set(kept.map(({ name = '' }) => name))].sort();
  return names.flatMap((name) => kept.filter((one) => one.name === name));
}
