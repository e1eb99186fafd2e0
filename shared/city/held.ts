/** A rule of the city with the days on which it holds, both included; without `to` it still does. */
export interface Dated<Value> {
  readonly value: Value;
  readonly from: string;
  readonly to?: string;
  readonly source: string;
  readonly confidence: 'high' | 'medium' | 'low';
}

/** What held on a day, or nothing where no rule did. */
export function heldOn<Value>(rule: readonly Dated<Value>[], day: string): Value | undefined {
  return rule.find(({ from, to }) => from <= day && (to === undefined || day <= to))?.value;
}
