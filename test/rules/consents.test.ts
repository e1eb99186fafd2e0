import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Notice, notices, purposes } from '../../shared/privacy/notices.js';
import { bulkReveals, mayReveal, revealLimit, revealSeconds } from '../../shared/privacy/reveals.js';
import { consentState, type Decision, mayDecide } from '../../shared/privacy/rules.js';

const first = notices.find(({ purpose }) => purpose === 'event_reminders') as Notice;
const twice = [first, { ...first, version: 2, fromDay: '2026-11-20' }];
const purpose = 'event_reminders';
const decision = (version: number, agreed: boolean, at: string): Decision => ({ purpose, version, agreed, at });
const early = '2026-11-01T04:00:00.000Z';
const late = '2026-11-24T04:00:00.000Z';

describe('a consent', () => {
  test.each([
    ['not given is asked for', [], { decided: null, agreed: false, asks: true }],
    ['given stands', [decision(2, true, late)], { agreed: true, asks: false }],
    ['refused stays refused and is not asked for again', [decision(2, false, late)], { agreed: false, asks: false }],
    ['to an old version does not carry over', [decision(1, true, early)], { agreed: false, asks: true }],
    ['refused under an old version is asked for under the new one', [decision(1, false, early)], { agreed: false, asks: true }],
    ['withdrawn is over', [decision(2, true, early), decision(2, false, late)], { agreed: false, asks: false }],
    ['in whatever order the ledger is read', [decision(2, false, late), decision(2, true, early)], { agreed: false, asks: false }],
    ['at the same instant as a withdrawal is over', [decision(2, true, late), decision(2, false, late)], { agreed: false, asks: false }],
    ['of another purpose is none', [{ ...decision(2, true, late), purpose: 'photo_use' as const }], { decided: null, asks: true }],
    ['of tomorrow is none yet', [decision(2, true, '2026-11-24T16:00:00.000Z')], { decided: null, agreed: false, asks: true }],
  ])('%s', (_, decisions, expected) =>
    expect(consentState(purpose, decisions, '2026-11-24', twice)).toMatchObject({ purpose, optional: true, inForce: 2, ...expected }),
  );
  test('is shown with the version it was given to', () =>
    expect(consentState(purpose, [decision(1, true, early)], '2026-11-24', twice)?.decided).toEqual({
      version: 1,
      agreed: true,
      at: early,
    }));
  test('is read as it stood on a day', () =>
    expect(consentState(purpose, [decision(1, true, early), decision(2, false, late)], '2026-11-19', twice)).toMatchObject({
      inForce: 1,
      agreed: true,
    }));
  test('has no state before the first notice', () => expect(consentState(purpose, [], '2025-12-31')).toBeUndefined());

  test('covers a use only where the latest decision agrees to the version in force, and is asked for until one is made', () => {
    const version = fc.integer({ min: 1, max: 2 });
    const at = fc.date({ min: new Date('2026-01-02'), max: new Date('2026-11-24'), noInvalidDate: true }).map((date) => date.toISOString());
    const decisions = fc.array(fc.record({ purpose: fc.constantFrom(...purposes), version, agreed: fc.boolean(), at }), { maxLength: 6 });
    fc.assert(
      fc.property(decisions, (all) => {
        const state = consentState(purpose, all, '2026-11-24', twice);
        expect(state?.agreed).toBe(state?.decided?.version === 2 && state.decided.agreed);
        expect(state?.asks).toBe(state?.decided?.version !== 2);
      }),
    );
  });
});

describe('a decision', () => {
  const optional = { version: 2, optional: true };
  const required = { version: 2, optional: false };
  const child = '2012-11-25';
  test.each([
    [{ notice: optional, version: 2, agreed: true }, 'yes'],
    [{ notice: optional, version: 2, agreed: false }, 'yes'],
    [{ notice: optional, version: 1, agreed: true }, 'notice_outdated'],
    [{ notice: optional, version: 3, agreed: false }, 'notice_outdated'],
    [{ notice: undefined, version: 1, agreed: true }, 'notice_outdated'],
    [{ notice: required, version: 2, agreed: true }, 'yes'],
    [{ notice: required, version: 2, agreed: false }, 'notice_not_optional'],
    [{ notice: required, version: 1, agreed: false }, 'notice_outdated'],
    [{ notice: optional, version: 2, agreed: true, birthDay: child }, 'guardian_needed'],
    [{ notice: required, version: 2, agreed: true, birthDay: child }, 'guardian_needed'],
    [{ notice: optional, version: 2, agreed: true, birthDay: child, guardian: '  ' }, 'guardian_needed'],
    [{ notice: optional, version: 2, agreed: true, birthDay: child, guardian: '陈立' }, 'yes'],
    [{ notice: optional, version: 2, agreed: true, birthDay: '2012-11-24' }, 'yes'],
    // Nobody needs leave to refuse.
    [{ notice: optional, version: 2, agreed: false, birthDay: child }, 'yes'],
  ])('%o: %s', (deciding, answer) => expect(mayDecide(deciding, '2026-11-24')).toBe(answer));
});

describe('a person is revealed', () => {
  const home = { homeAreaCode: '440311001005', siteAreaCodes: [] };
  const manager = { siteAreaCodes: ['440311002001', '440311001003'] };
  test.each([
    [{ role: 'bureau' }, { siteAreaCodes: [] }, true],
    [{ role: 'officer', areaCode: '440311001' }, home, true],
    [{ role: 'officer', areaCode: '440311002' }, home, false],
    [{ role: 'officer', areaCode: '440311001' }, manager, true],
    [{ role: 'officer', areaCode: '440311003' }, manager, false],
    [{ role: 'officer', areaCode: '440311001' }, { siteAreaCodes: [] }, false],
    // A code that is none of a street opens nothing, though every code begins with it.
    [{ role: 'officer', areaCode: '' }, home, false],
    [{ role: 'officer', areaCode: '440311' }, home, false],
    [{ role: 'officer' }, home, false],
    [{ role: 'manager', areaCode: '440311001' }, home, false],
    [{ role: 'clinic' }, home, false],
    [{ role: 'resident' }, home, false],
  ] as const)('to %o where they are at %o: %s', (caller, person, may) => expect(mayReveal(caller, person)).toBe(may));

  test('for minutes, and a bulk is noticed before it is refused', () => {
    expect(revealSeconds).toBe(600);
    expect(bulkReveals.windowSeconds).toBe(revealLimit.windowSeconds);
    expect(bulkReveals.most).toBeLessThan(revealLimit.most);
  });
});
