import type * as z from 'zod/mini';
import { contract } from '../../shared/catalog.js';
import type { Route } from '../../shared/http/contract.js';

const parts = ['path', 'query', 'body'] as const;
/** These take no text. */
const others = ['number', 'int', 'bigint', 'boolean', 'date', 'undefined', 'null', 'literal', 'transform'];
export type Part = (typeof parts)[number];

/** A place in a request where a caller may write text. */
export interface TextField {
  readonly routeKey: string;
  readonly part: Part;
  /** From the part's own top: `home`, `line`; a list is entered at its first place. */
  readonly at: readonly string[];
  readonly schema: z.ZodMiniType;
}
export const nameOf = ({ routeKey, part, at }: TextField) => `${routeKey} ${part} ${at.join('.')}`;
/** As a refusal names it. */
export const pathOf = ({ at }: TextField) => at.join('.');

/** Every text field of every route, read off the schemas: a new route is among them without being told. */
export const textFields: readonly TextField[] = Object.entries(contract as Record<string, Route>).flatMap(([routeKey, route]) =>
  parts.flatMap((part) => (route[part] ? placesOf(route[part]).map((place) => ({ routeKey, part, ...place })) : [])),
);

interface Def {
  readonly type: string;
  readonly shape?: Readonly<Record<string, z.ZodMiniType>>;
  readonly element?: z.ZodMiniType;
  readonly innerType?: z.ZodMiniType;
  readonly in?: z.ZodMiniType;
  readonly options?: readonly z.ZodMiniType[];
}
type Place = Pick<TextField, 'at' | 'schema'>;

/** `whole` is the schema as its object or list holds it: what decides about the text there, with all that is wrapped around it. */
function placesOf(schema: z.ZodMiniType, at: readonly string[] = [], whole = schema): Place[] {
  const def = schema.def as unknown as Def;
  if (def.type === 'string' || def.type === 'enum') return [{ at, schema: whole }];
  if (def.shape) return Object.entries(def.shape).flatMap(([name, inner]) => placesOf(inner, [...at, name]));
  if (def.element) return placesOf(def.element, [...at, '0']);
  if (def.innerType) return placesOf(def.innerType, at, whole);
  if (def.in) return placesOf(def.in, at, whole);
  if (def.options) return def.options.flatMap((option) => placesOf(option, at, whole));
  if (others.includes(def.type)) return [];
  throw new Error(`It is not known whether a schema of the type ${def.type} takes text`);
}
